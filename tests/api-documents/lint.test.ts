// The linter runs its rules: it reports mistakes in either kind of document.
import { expect, test } from 'vitest';
import { lint } from './lint.ts';

const openApi = (schema: object) => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1.0.0', license: { name: 'MIT', identifier: 'MIT' } },
  servers: [{ url: '/' }],
  tags: [{ name: 'Things', description: 'Things.' }],
  security: [],
  paths: {
    '/things': {
      get: {
        operationId: 'listThings',
        summary: 'List things',
        tags: ['Things'],
        responses: {
          200: { description: 'Done.', content: { 'application/json': { schema } } },
          400: { description: 'Not valid.' },
        },
      },
    },
  },
});

const asyncApi = (payload: object, action = 'send') => ({
  asyncapi: '3.0.0',
  info: { title: 'Things', version: '1.0.0', license: { name: 'MIT', url: 'https://example.com/license' } },
  channels: { things: { address: '/things', messages: { thing: { $ref: '#/components/messages/thing' } } } },
  operations: {
    sendThings: {
      action,
      channel: { $ref: '#/channels/things' },
      security: [{ $ref: '#/components/securitySchemes/key' }],
    },
  },
  components: { messages: { thing: { payload } }, securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
});

test('a right document has no problem', async () => {
  expect(await lint(openApi({ type: 'string', example: 'x' }))).toEqual([]);
  expect(await lint(asyncApi({ type: 'string' }))).toEqual([]);
});

test('mistakes are reported with their place', async () => {
  expect(await lint(openApi({ type: 'string', example: 1 }))).toEqual([
    expect.stringMatching(/^no-invalid-schema-examples: .*\(#\/paths\/~1things\/get/),
  ]);
  expect(await lint(openApi({ $ref: '#/components/schemas/Lost' }))).toEqual([
    expect.stringContaining('no-unresolved-refs'),
  ]);
  expect(await lint(asyncApi({ type: 'text' }))).toEqual([expect.stringContaining('#/components/messages/thing')]);
  expect(await lint(asyncApi({ type: 'string' }, 'emit'))).toEqual([
    expect.stringContaining('#/operations/sendThings/action'),
  ]);
  expect(await lint(asyncApi({ $ref: '#/components/schemas/Lost' }))).toEqual([
    expect.stringContaining('no-unresolved-refs'),
  ]);
});
