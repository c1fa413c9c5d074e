// Each kind of change of a route: what breaks clients is reported, and nothing else is.
import { describe, expect, test } from 'vitest';
import { type Document, drop, field, fields, json, kind, ref, reports, text } from './example-openapi.ts';

describe('routes', () => {
  const get = (now: Document) => now.paths['/things'].get;
  const post = (now: Document) => now.paths['/things'].post;
  const status = (now: Document) => get(now).parameters[1] as object;
  const cases: [string, (now: Document) => void, string[]][] = [
    ['a removed path', now => drop(now.paths, '/things'), ['GET /things was removed', 'POST /things was removed']],
    ['a removed method', now => drop(now.paths['/things'], 'post'), ['POST /things was removed']],
    [
      'another operationId',
      now => Object.assign(get(now), { operationId: 'getThings' }),
      ['GET /things has the operationId getThings now'],
    ],
    [
      'another permission',
      now => Object.assign(get(now), { 'x-permission': 'things.list' }),
      ['GET /things needs the permission things.list now'],
    ],
    ['a lost credential', now => get(now).security.splice(1, 1), ['GET /things no longer accepts key']],
    [
      'a credential that needs another with it',
      now => Object.assign(get(now).security[1] ?? {}, { csrf: [] }),
      ['GET /things no longer accepts key'],
    ],
    [
      'a public route that needs credentials',
      now => Object.assign(post(now), { security: [{ key: [] }] }),
      ['POST /things needs credentials now'],
    ],
    ['a removed parameter', now => get(now).parameters.splice(0, 1), ['GET /things query limit was removed']],
    [
      'a new required parameter',
      now => get(now).parameters.push({ name: 'q', in: 'query', required: true, schema: text } as never),
      ['GET /things query q is required now'],
    ],
    [
      'a parameter that becomes required',
      now => Object.assign(get(now).parameters[0] ?? {}, { required: true }),
      ['GET /things query limit is required now'],
    ],
    [
      'a parameter in another style',
      now => Object.assign(status(now), { explode: true }),
      ['GET /things query status has another style'],
    ],
    [
      'a parameter with narrower bounds',
      now => Object.assign(get(now).parameters[0]?.schema ?? {}, { minimum: 2, maximum: 50 }),
      ['GET /things query limit has a higher minimum: 2', 'GET /things query limit has a lower maximum: 50'],
    ],
    [
      'a removed value of a list parameter',
      now => Object.assign(get(now).parameters[1]?.schema.items ?? {}, { enum: ['new'] }),
      ['GET /things query status[] no longer accepts "old"'],
    ],
    ['a removed body', now => drop(post(now), 'requestBody'), ['POST /things body was removed']],
    [
      'a body that becomes required',
      now => Object.assign(post(now).requestBody, { required: true }),
      ['POST /things body is required now'],
    ],
    [
      'a new required body',
      now => Object.assign(get(now), { requestBody: { required: true, content: json(text) } }),
      ['GET /things body is required now'],
    ],
    [
      'a removed content type of a body',
      now => drop(post(now).requestBody.content, 'text/plain'),
      ['POST /things body text/plain was removed'],
    ],
    ['a removed answer', now => drop(get(now).responses, '200'), ['GET /things 200 was removed']],
    [
      'a removed content of an answer',
      now => drop(get(now).responses[200], 'content'),
      ['GET /things 200 application/json was removed'],
    ],
    [
      'a removed header of an answer',
      now => drop(get(now).responses[200].headers, 'RateLimit'),
      ['GET /things 200 header RateLimit was removed'],
    ],
  ];
  test.each(cases)('%s is reported', (_, change, expected) => expect(reports(change)).toEqual(expected));
});

describe('what breaks nobody', () => {
  const cases: [string, (now: Document) => void][] = [
    ['the same document', () => {}],
    [
      'a new route',
      now => Object.assign(now.paths, { '/others': { get: { operationId: 'listOthers', responses: {} } } }),
    ],
    ['another credential', now => now.paths['/things'].get.security.push({ token: [] } as never)],
    ['a route that becomes public', now => Object.assign(now.paths['/things'].get, { security: [] })],
    [
      'a new optional parameter',
      now => now.paths['/things'].get.parameters.push({ name: 'q', in: 'query', schema: text }),
    ],
    ['another error answer', now => drop(now.paths['/things'].get.responses, '404')],
    ['a new optional field of a request', now => Object.assign(fields(now, 'NewThing'), { more: text })],
    [
      'wider bounds of a request',
      now => {
        Object.assign(field(now, 'NewThing', 'name'), { minLength: 0, maxLength: 99 });
        drop(field(now, 'NewThing', 'code'), 'pattern');
        field(now, 'NewThing', 'status').enum?.push('newest');
        Object.assign(field(now, 'NewThing', 'note'), {
          anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'number' }],
        });
        field(now, 'NewThing', 'content').oneOf?.push(kind('sticker'));
      },
    ],
    [
      'a field of a request that becomes optional',
      now => Object.assign(now.components.schemas.NewThing, { required: [] }),
    ],
    ['a new field of an answer', now => Object.assign(fields(now, 'Thing'), { more: text })],
    ['a new value of an answer', now => field(now, 'Thing', 'status').enum?.push('newest')],
    ['other words', now => Object.assign(now.components.schemas.Thing, { description: 'Other.', example: {} })],
    [
      'a name for a shape that had none, and another name',
      now => {
        Object.assign(now.components.schemas, {
          Status: field(now, 'Thing', 'status'),
          Item: now.components.schemas.Thing,
        });
        Object.assign(fields(now, 'Thing'), { status: ref('Status') });
        Object.assign(now.paths['/things'].post.responses[201], { content: json(ref('Item')) });
      },
    ],
  ];
  test.each(cases)('%s is not reported', (_, change) => expect(reports(change)).toEqual([]));
});

test('a change of a shape that many routes share is reported once', () => {
  const twice = (now: Document) => drop(fields(now, 'Thing'), 'id');
  expect(reports(twice)).toEqual(['Thing.id was removed']);
});

test('a keyword without a rule stops the comparison', () => {
  const change = (now: Document) => Object.assign(field(now, 'Thing', 'id'), { multipleOf: 2 });
  expect(() => reports(change)).toThrow('Thing.id: the comparison has no rule for multipleOf');
});
