// The OpenAPI and AsyncAPI documents of the server, and the page at /docs that is made of it.
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Server } from '../../kit/http/routes.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { docsPage } from './docs-page.ts';
import { completeDocument, securityOf, securitySchemes, tags } from './openapi.ts';
import { servePrepared } from './prepared.ts';

/** The first page of the document: the rules of all routes. */
const introduction = `Send and receive WhatsApp messages, and follow each one to its outcome.

- **Log in**: send \`Authorization: Bearer …\` with an API key, or with the \`access_token\` of \`POST /api/v1/auth/login\` (15 minutes).
- **Repeat safely**: send an \`Idempotency-Key\` with each POST that creates something. After a \`503\` or a lost answer, repeat with the same key. A repeated answer has \`Idempotent-Replayed: true\`.
- **Errors** are \`application/problem+json\`. Use \`code\` in programs. \`detail\` says what to do, and \`errors\` lists the invalid fields.
- **Fields**: requests reject unknown fields and parameters. Answers may get new fields, and fields new values: ignore those you do not know.
- **Null** in an optional field of a request means the same as no field, unless the field says otherwise.
- **Lists** return \`page.next_cursor\`. Send it as \`cursor\`, with the same filters, to get the next page.
- **Waiting**: \`429\` and \`503\` give the seconds to wait in \`Retry-After\`.
- **Times** are ISO 8601 with a zone. Answers use UTC.`;

/** Serves /openapi.json, /api/v1/asyncapi.json and /docs. Call it before the routes are added. */
export async function addDocuments(app: Server, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Recado',
        version,
        description: introduction,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      // The server that served the document.
      servers: [{ url: '/' }],
      tags,
      components: { securitySchemes },
    },
    transform: ({ schema, url, route, ...rest }) => {
      const changed = transformBodies({ schema, url, route, ...rest });
      const { permission } = route.config ?? {};
      if (permission && changed.schema) {
        Object.assign(changed.schema, { security: securityOf(permission, route.method), 'x-permission': permission });
      } else if (changed.schema) Object.assign(changed.schema, { security: [] });
      return changed;
    },
    transformObject: given => completeDocument(jsonSchemaTransformObject(given)),
  });
  servePrepared(app, ['/openapi.json'], () => ({
    type: 'application/json; charset=utf-8',
    text: JSON.stringify(app.swagger()),
  }));
  servePrepared(app, ['/api/v1/asyncapi.json'], () => ({
    type: 'application/json; charset=utf-8',
    text: eventDocumentOf(version),
  }));
  servePrepared(app, ['/docs', '/docs/'], () => {
    const { html, headers } = docsPage(app.swagger());
    return { type: 'text/html; charset=utf-8', text: html, headers };
  });
}

let eventDocument: string | undefined;

/** Made once for all servers of a process. */
function eventDocumentOf(version: string): string {
  eventDocument ??= JSON.stringify(asyncApiDocument(version));
  return eventDocument;
}

type TransformInput = Parameters<typeof jsonSchemaTransform>[0];

/** Transforms a multi-type body one type at a time: the library handles only one. */
function transformBodies(input: TransformInput): ReturnType<typeof jsonSchemaTransform> {
  const content = (input.schema?.body as { content?: Record<string, { schema: unknown }> } | undefined)?.content;
  if (!content || !input.schema) return jsonSchemaTransform(input);
  const turn = (body: unknown) => jsonSchemaTransform({ ...input, schema: { ...input.schema, body } });
  const changed = turn(undefined);
  const bodies = Object.entries(content).map(([type, { schema }]) => [type, { schema: turn(schema).schema?.body }]);
  return { ...changed, schema: { ...changed.schema, body: { content: Object.fromEntries(bodies) } } };
}
