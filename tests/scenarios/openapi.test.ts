// The document of the API as its readers have it: every field explained, every body with an example that is taken.
import {
  type EventName,
  eventExample,
  eventNames,
  idExamples,
  mediaFromLinkBody,
  messageSchema,
  problemSchema,
} from '@recado/contract';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type OpenApi, readRoutes, type Schema, writtenOut } from '../openapi/document.ts';
import { mismatches } from '../openapi/schema.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { portOf } from '../setup/socket.ts';

interface Operation {
  operationId?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; description?: string; style?: string; explode?: boolean; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { description?: string; headers?: Record<string, unknown>; content?: Record<string, { schema?: Schema }> }
  >;
}

interface Document {
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object; headers: object };
}

let scenario: Scenario;
let document: Document;

beforeAll(async () => {
  scenario = await openWorkspace();
  document = (await scenario.as(undefined)('GET', '/openapi.json')).body as unknown as Document;
});

afterAll(() => scenario.close());

/** A schema with all that it may be instead, references written out. */
function branches(schema: Schema): Schema[] {
  const named = schema.$ref === undefined ? undefined : document.components.schemas[schema.$ref.split('/').pop() ?? ''];
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(named ? [named] : [])].flatMap(branches)];
}

/** The fields of a shape that say nothing of themselves, at any depth. */
function unexplained(schema: Schema, place: string): string[] {
  return branches(schema).flatMap(branch => [
    ...Object.entries(branch.properties ?? {}).flatMap(([name, field]) => [
      ...(field.$ref !== undefined || branches(field).some(each => each.description !== undefined)
        ? []
        : [`${place}.${name}`]),
      ...(field.$ref === undefined ? unexplained(field, `${place}.${name}`) : []),
    ]),
    ...(branch.items?.$ref === undefined && branch.items ? unexplained(branch.items, `${place}[]`) : []),
  ]);
}

test('every field of every shape, body and parameter is explained', () => {
  const names = Object.keys(document.components.schemas);
  expect(names.length).toBeGreaterThan(40);
  expect(names.flatMap(name => unexplained(document.components.schemas[name] ?? {}, name))).toEqual([]);
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ place: `${method} ${path}`, ...operation })),
  );
  expect(routes.length).toBeGreaterThan(70);
  for (const { place, requestBody, responses, parameters } of routes) {
    const contents = [requestBody, ...Object.values(responses)].flatMap(each => Object.values(each?.content ?? {}));
    const schemas = contents.flatMap(({ schema }) =>
      schema === undefined || schema.$ref !== undefined ? [] : [schema],
    );
    expect(schemas.flatMap(schema => unexplained(schema, place))).toEqual([]);
    const mute = (parameters ?? []).filter(({ description, schema }) => !(description ?? schema?.description));
    expect(mute.map(({ name }) => `${place} ${name}`)).toEqual([]);
  }
});

describe('a client can be made of it', () => {
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, routes]) =>
      Object.entries(routes).map(([method, operation]) => ({ place: `${method} ${path}`, ...operation })),
    );

  test('every route has a unique name and a described tag', () => {
    const names = operations().map(({ operationId }) => operationId);
    expect(names.filter(name => !/^[a-z]+([A-Z][a-z]+)+$/.test(name ?? ''))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['sendMessage', 'listMessages', 'getMessage', 'cancelMessage']));
    const told = document.tags.map(({ name }) => name);
    expect(new Set(operations().flatMap(({ tags }) => tags))).toEqual(new Set(told));
    expect(document.servers).toEqual([{ url: '/' }]);
  });

  test('every reference leads somewhere, and no shape is left open that is known', () => {
    const refs: string[] = [];
    const open: string[] = [];
    const walk = (part: unknown, place: string): void => {
      if (typeof part !== 'object' || part === null) return;
      if ('$ref' in part && typeof part.$ref === 'string') refs.push(part.$ref);
      // A record says of its values that they may be anything; a field or an item has no reason to.
      if (JSON.stringify(part) === '{}' && !/\/(additionalProperties|example.*)$/.test(place)) open.push(place);
      for (const [key, each] of Object.entries(part)) walk(each, `${place}/${key}`);
    };
    walk(document, '');
    const lost = refs.filter(ref => {
      const [, kind = '', name = ''] = /^#\/components\/(\w+)\/([\w-]+)$/.exec(ref) ?? [];
      return !Object.hasOwn((document.components as unknown as Record<string, object>)[kind] ?? {}, name);
    });
    expect(refs.length).toBeGreaterThan(100);
    expect(lost).toEqual([]);
    expect(open).toEqual([]);
  });

  test('parameters are what they stand for', () => {
    const listed = document.paths['/api/v1/messages']?.get?.parameters ?? [];
    const named = (name: string) => listed.find(each => each.name === name);
    expect(named('limit')?.schema).toEqual({ type: 'integer', minimum: 1, maximum: 100 });
    expect(named('offset')?.schema).toEqual({ type: 'integer', minimum: 0, maximum: 1_000_000 });
    expect(named('status')).toMatchObject({ style: 'form', explode: false, schema: { type: 'array' } });
    expect(named('status')?.schema?.items?.enum).toContain('delivered');
    expect(named('from')?.schema).toEqual({ type: 'string', format: 'date-time' });
    const unread = document.paths['/api/v1/conversations']?.get?.parameters?.find(({ name }) => name === 'unread');
    expect(unread?.schema).toEqual({ type: 'boolean' });
    expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  test('message bodies are discriminated by their type, alone and in a batch', () => {
    const { SendMessage } = document.components.schemas;
    const ref = (name: string) => `#/components/schemas/${name}`;
    expect(SendMessage).toMatchObject({
      discriminator: {
        propertyName: 'type',
        mapping: { text: ref('SendTextMessage'), image: ref('SendImageMessage') },
      },
    });
    expect(document.components.schemas.SendImageMessage?.properties?.image?.$ref).toBe(ref('ImageContent'));
    const batch = document.paths['/api/v1/messages/batch']?.post?.requestBody?.content['application/json']?.schema;
    expect(batch?.properties?.messages?.items?.$ref).toBe(ref('SendMessage'));
    expect(document.components.schemas.Message?.properties?.status?.$ref).toBe(ref('MessageStatus'));
  });

  test('events are discriminated by their type, and one of a later version is an event too', () => {
    const { schemas } = document.components;
    const { Event, OtherEvent } = schemas as Record<
      string,
      Schema & { discriminator?: { mapping: Record<string, string> } }
    >;
    const { mapping = {} } = Event?.discriminator ?? {};
    expect(Object.keys(mapping)).toEqual(eventNames);
    expect(Event?.oneOf?.map(({ $ref }) => $ref)).toEqual([
      ...Object.values(mapping),
      '#/components/schemas/OtherEvent',
    ]);
    // Each known type fits its own branch alone, so that the union stays valid.
    expect(OtherEvent?.properties?.type).toMatchObject({ not: { enum: eventNames } });
    for (const type of eventNames) {
      const own = schemas[mapping[type]?.split('/').pop() ?? ''] ?? {};
      expect(own.properties?.type).toMatchObject({ const: type });
      expect(mismatches(writtenOut(own, document as unknown as OpenApi) as Schema, eventExample(type)), type).toEqual(
        [],
      );
    }
    const data = (type: EventName) => schemas[mapping[type]?.split('/').pop() ?? '']?.properties?.data?.$ref;
    expect(data('message.received')).toBe('#/components/schemas/MessageEventData');
    expect(data('message.read')).toBe(data('message.received'));
    const { webhooks } = document as unknown as { webhooks: Record<string, Record<string, Operation>> };
    expect(webhooks.event?.post?.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Event',
    });
  });

  test('the examples of answers are such answers, and the codes of problems are listed', () => {
    const { Message, Problem } = document.components.schemas;
    expect(messageSchema.parse(Message?.example)).toEqual(Message?.example);
    expect(problemSchema.parse(Problem?.example)).toEqual(Problem?.example);
    expect(Problem?.properties?.code?.description).toMatch(/ invalid_request, .* message_not_failed, /);
  });
});

describe('as it is served', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${portOf(scenario)}${path}`, { headers });

  test.each(['/openapi.json', '/api/v1/asyncapi.json', '/docs'])(
    '%s comes compressed, and not again to callers that have it',
    async path => {
      const plain = await get(path, { 'accept-encoding': 'identity' });
      const gzip = await get(path, { 'accept-encoding': 'gzip, br' });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(gzip.headers.get('content-encoding')).toBe('gzip');
      expect(Number(gzip.headers.get('content-length')) * 4).toBeLessThan(Number(plain.headers.get('content-length')));
      expect(await gzip.text()).toBe(await plain.text());
      const [tag, other] = [plain.headers.get('etag') ?? '', gzip.headers.get('etag') ?? ''];
      expect(tag).not.toBe(other);
      const again = await get(path, { 'accept-encoding': 'identity', 'if-none-match': `"other", W/${tag}` });
      expect([again.status, await again.text(), again.headers.get('vary')]).toEqual([304, '', 'accept-encoding']);
      expect((await get(path, { 'accept-encoding': 'gzip;q=0', 'if-none-match': other })).status).toBe(200);
    },
  );

  test('the page shows every route with a curl command, sending first', async () => {
    const page = await (await get('/docs')).text();
    const shown = [...page.matchAll(/<details id="(\w+)"[\s\S]*?<\/details>/g)];
    const parts = new Map(shown.map(([html, id = '']) => [id, html]));
    for (const [path, operations] of Object.entries(document.paths))
      for (const [method, { operationId = '', summary = '' }] of Object.entries(operations) as [
        string,
        Operation & { summary?: string },
      ][]) {
        const html = parts.get(operationId);
        expect(html, operationId).toContain(`<code>${path}</code>`);
        expect(html).toMatch(
          new RegExp(`<pre>curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}&quot;\\$RECADO/`),
        );
        expect(page).toContain(`${summary.replaceAll("'", '&#39;')}</a>`);
      }
    expect(parts.get('sendMessage')).toContain('-H &quot;Authorization: Bearer $TOKEN&quot;');
    expect(parts.get('sendMessage')).toContain('&quot;to&quot;:&quot;+12025550123&quot;');
    expect(parts.get('logIn')).not.toContain('Authorization');
    expect(page.indexOf('id="sendMessage"')).toBeLessThan(page.indexOf('id="logIn"'));
    expect(page).toContain('href="/openapi.json"');
    expect(page).toContain('type="search"');
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter(id => !page.includes(` id="${id}"`))).toEqual([]);
  });
});

test('answers accept new fields, and requests do not', () => {
  const isClosed = (part: unknown): boolean => JSON.stringify(part).includes('"additionalProperties":false');
  const reached = (part: unknown): string[] => {
    const names = new Set<string>();
    const walk = (each: unknown): void => {
      for (const [, name = ''] of JSON.stringify(each ?? null).matchAll(/#\/components\/schemas\/(\w+)/g))
        if (!names.has(name)) {
          names.add(name);
          walk(document.components.schemas[name]);
        }
    };
    walk(part);
    return [...names];
  };
  const operations = Object.values(document.paths).flatMap(routes => Object.values(routes));
  const answers = operations.map(({ responses }) => responses);
  expect(isClosed(answers)).toBe(false);
  expect(reached(answers).filter(name => isClosed(document.components.schemas[name]))).toEqual([]);
  const bodies = operations.map(({ requestBody }) => requestBody);
  const shared = reached(bodies).filter(name => reached(answers).includes(name));
  expect(shared.filter(name => document.components.schemas[name]?.properties)).toEqual([]);
  expect(isClosed(document.components.schemas.SendTextMessage)).toBe(true);
});

test('our own answers have no field that the document lacks', async () => {
  const routes = readRoutes(document as unknown as OpenApi);
  const answerOf = (name: string) =>
    routes.find(route => route.name === name)?.responses[200]?.content?.['application/json']?.schema ?? {};
  const message = await scenario.send();
  await scenario.settle();
  for (const [path, id] of [
    ['/api/v1/messages/{id}', message.id],
    ['/api/v1/accounts/{id}', scenario.account.id],
    ['/api/v1/contacts/{id}', message.contact_id],
    ['/api/v1/conversations/{id}', message.conversation_id],
    ['/api/v1/messages', ''],
    ['/api/v1/me', ''],
  ] as const) {
    const { body } = await scenario.api('GET', path.replace('{id}', id));
    expect([path, mismatches(answerOf(`GET ${path}`), body)]).toEqual([path, []]);
    expect(mismatches(answerOf(`GET ${path}`), { ...body, surprise: 1 })).toEqual([
      '$.surprise is not in the document',
    ]);
  }
});

test('every optional field of every JSON body accepts null', () => {
  const isNullable = (schema: Schema): boolean =>
    schema.type === 'null' || (schema.anyOf ?? schema.oneOf ?? []).some(isNullable);
  const stubborn = (schema: Schema, place: string): string[] => [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
      ...(schema.required?.includes(name) || isNullable(field) ? [] : [`${place}.${name}`]),
      ...stubborn(field, `${place}.${name}`),
    ]),
    ...(schema.items ? stubborn(schema.items, `${place}[]`) : []),
    ...(schema.anyOf ?? schema.oneOf ?? []).flatMap(each => stubborn(each, place)),
  ];
  const bodies = readRoutes(document as unknown as OpenApi).filter(
    ({ body, path }) => body?.types.includes('application/json') && !path.startsWith('/webhooks/'),
  );
  expect(bodies.length).toBeGreaterThan(25);
  expect(bodies.flatMap(({ name, body }) => stubborn(body?.schema ?? {}, name))).toEqual([]);
});

test('null is shown where an optional field of a request accepts it', () => {
  const { SendTextMessage, TextContent } = document.components.schemas;
  const types = (schema: Schema | undefined) => schema?.anyOf?.map(({ type }) => type);
  expect(types(SendTextMessage?.properties?.send_at)).toEqual(['string', 'null']);
  expect(types(SendTextMessage?.properties?.valid_for_seconds)).toEqual(['integer', 'null']);
  expect(types(TextContent?.properties?.preview_url)).toEqual(['boolean', 'null']);
  expect(SendTextMessage?.properties?.send_at?.description).toMatch(/^Recado does not send/);
  expect(SendTextMessage?.properties?.account_id?.anyOf).toBeUndefined();
});

test('pages have names, and no shape is listed that nothing uses', () => {
  for (const name of ['MessagePage', 'AccountPage', 'ContactPage', 'ConversationPage'])
    expect(document.components.schemas[name]?.properties).toHaveProperty('page');
  const text = JSON.stringify(document);
  const unused = Object.keys(document.components.schemas).filter(
    name => !text.includes(`"#/components/schemas/${name}"`),
  );
  expect(unused).toEqual([]);
});

describe('the body of each POST', () => {
  it('has an example, which is taken as it stands', async () => {
    const posts = Object.entries(document.paths).flatMap(([path, { post }]) => {
      const schema = post?.requestBody?.content['application/json']?.schema;
      return schema === undefined ? [] : [{ path, example: branches(schema).find(each => each.example)?.example }];
    });
    const bare = posts.filter(({ path, example }) => example === undefined && !path.startsWith('/webhooks/'));
    expect(bare.map(({ path }) => path)).toEqual([]);
    expect(posts.length).toBeGreaterThan(20);

    const { body: me } = await scenario.api('GET', '/api/v1/me');
    const { body: contact } = await scenario.api('POST', '/api/v1/contacts', { phone: '+351912000222', name: 'Bruno' });
    const ours = (text: string) =>
      text
        .replaceAll(idExamples.account, scenario.account.id)
        .replaceAll(idExamples.workspace, me.workspace.id)
        .replaceAll(idExamples.contact, contact.id);
    const taken: Record<string, number> = {};
    for (const { path, example } of posts) {
      if (path.startsWith('/webhooks/')) continue;
      // Its link would be followed, to the outside.
      if (path === '/api/v1/media') {
        expect(mediaFromLinkBody.parse(example)).toEqual(example);
        continue;
      }
      const { status, body } = await scenario.api(
        'POST',
        path.replace('{id}', idOf(path)).replace('{number}', '+12025550199'),
        ours(JSON.stringify(example)),
      );
      // A password, a token, a thing that is not there: the shape of the body is right all the same.
      expect({ path, status, code: body?.code, errors: body?.errors }).not.toMatchObject({ code: 'invalid_request' });
      taken[path] = status;
    }
    expect(taken).toMatchObject({
      '/api/v1/messages': 202,
      '/api/v1/messages/batch': 202,
      '/api/v1/accounts': 201,
      '/api/v1/contacts': 201,
      '/api/v1/keys': 201,
      '/api/v1/invitations': 201,
      '/api/v1/workspaces': 201,
    });
  });
});

const idOf = (path: string) => {
  if (path.includes('/cost/cards')) return idExamples.rate_card;
  const kind =
    (
      [
        'media',
        'endpoint',
        'alert',
        'account',
        'conversation',
        'label',
        'segment',
        'contact',
        'campaign',
        'hook',
        'team',
      ] as const
    ).find(each => path.includes(`/${each}`)) ?? 'message';
  return idExamples[kind];
};

test('shared parts are described: permissions, headers, and the handling of content', () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual(['person', 'key', 'cookie', 'csrf']);
  const send = document.paths['/api/v1/messages']?.post;
  expect(send?.security).toEqual([{ person: [] }, { key: [] }, { cookie: [], csrf: [] }]);
  expect(document.paths['/api/v1/keys']?.get?.security).toEqual([{ person: [] }, { cookie: [] }]);
  expect(document.paths['/api/v1/auth/login']?.post?.security).toEqual([]);
  expect(
    Object.values(document.paths)
      .flatMap(Object.values)
      .filter(({ security }) => !security),
  ).toEqual([]);
  expect(send?.responses['202']?.headers).toHaveProperty('Idempotent-Replayed');
  expect(send?.responses['400']?.headers).not.toHaveProperty('Idempotent-Replayed');
  expect(Object.keys(send?.responses['429']?.headers ?? {})).toEqual(
    expect.arrayContaining(['Retry-After', 'RateLimit']),
  );
  const content = document.paths['/api/v1/media/{id}/content']?.get?.responses ?? {};
  expect(Object.keys(content)).toEqual(
    expect.arrayContaining(['200', '206', '302', '304', '404', '410', '416', '502']),
  );
  for (const [path, routes] of Object.entries(document.paths))
    for (const [method, { responses }] of Object.entries(routes)) {
      const due = ['500', ...(method === 'get' ? [] : ['408', '413', '415']), ...(path.includes('{') ? ['404'] : [])];
      expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(['400', '503', ...due]));
      for (const [status, { description }] of Object.entries(responses))
        expect(description, status).toMatch(/^[A-Z].{3,}[.`]$/);
    }
});

test('page limits, Retry-After and cookies are described', () => {
  const list = document.paths['/api/v1/messages']?.get;
  const limits = ['limit', 'offset'].map(each => list?.parameters?.find(({ name }) => name === each)?.schema);
  expect(limits).toMatchObject([
    { type: 'integer', minimum: 1, maximum: 100 },
    { type: 'integer', minimum: 0, maximum: 1_000_000 },
  ]);
  for (const limit of limits) expect(limit).not.toHaveProperty('pattern');
  const send = document.paths['/api/v1/messages']?.post?.responses;
  for (const status of ['409', '429', '503']) expect(send?.[status]?.headers).toHaveProperty('Retry-After');
  expect(list?.responses['400']?.headers).not.toHaveProperty('Retry-After');
  for (const [path, status] of [
    ['refresh', '200'],
    ['logout', '204'],
  ] as const) {
    const route = document.paths[`/api/v1/auth/${path}`]?.post;
    expect(route?.parameters?.map(({ name }) => name)).toContain('x-csrf-token');
    expect(route?.responses[status]?.headers).toHaveProperty('Set-Cookie');
  }
});

test('optional bodies are marked as optional', () => {
  const needs = (path: string) => document.paths[path]?.post?.requestBody?.required;
  expect([needs('/api/v1/media/{id}/link'), needs('/api/v1/messages')]).toEqual([false, true]);
});

test('the responses of public routes are described', () => {
  const told = (method: string, path: string) => Object.keys(document.paths[path]?.[method]?.responses ?? {});
  expect(told('post', '/api/v1/auth/refresh')).toEqual(expect.arrayContaining(['200', '401', '403']));
  expect(told('post', '/api/v1/auth/logout')).toEqual(expect.arrayContaining(['204', '401', '403']));
  expect(told('get', '/webhooks/whatsapp/{app}')).toEqual(expect.arrayContaining(['200', '403', '404']));
  expect(told('post', '/webhooks/whatsapp/{app}')).toEqual(expect.arrayContaining(['200', '401', '404', '413']));
});
