// What is true of every route is added to the document here, so that no route has to repeat it.

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is walked as the plain JSON that it is
type Json = any;

const meanings: Record<string, string> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted; the work follows.',
  204: 'Done; there is nothing to show.',
  400: 'The request is not valid; `errors` names the fields.',
  401: 'Credentials are missing or not valid.',
  403: 'These credentials do not allow this.',
  404: 'There is no such thing in this workspace.',
  409: 'The state of the thing does not allow this.',
  413: 'It is too large.',
  422: 'The Idempotency-Key was used with another body.',
  429: 'Too many; wait for the seconds of `Retry-After`.',
  502: 'The mail server did not take the letter.',
  507: 'There is no room for it.',
  503: 'The database cannot be reached, or its disk is full; repeat after the seconds of `Retry-After`.',
};

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Gives every response its meaning, every route the refusals that any route can give, and drops what nothing uses. */
export function completeDocument(document: Json): Json {
  for (const path of Object.values<Json>(document.paths ?? {}))
    for (const route of Object.values<Json>(path)) {
      route.responses = { ...route.responses };
      const keyed = (route.parameters ?? []).some(({ name }: Json) => name === 'idempotency-key');
      const common = route.security ? ['400', '401', '403', '429', '503'] : ['400', '503'];
      for (const status of [...common, ...(keyed ? ['409', '422'] : [])])
        route.responses[status] ??= { content: problem };
      for (const [status, response] of Object.entries<Json>(route.responses)) {
        response.description = meanings[status] ?? response.description;
        if (Number(status) >= 400) response.content = problem;
      }
    }
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas))
    if (name.endsWith('Input') && !JSON.stringify(document).includes(`#/components/schemas/${name}"`))
      delete schemas[name];
  return document;
}
