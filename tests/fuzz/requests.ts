// Random requests: valid, nearly valid, and hostile, derived from the running program's OpenAPI document.
import { type IdKind, idPrefixes } from '@recado/contract';
import fc from 'fast-check';
import type { Parameter, Route, Schema } from '../openapi/document.ts';
import { idKindOf } from '../openapi/example.ts';

export interface FuzzRequest {
  route: Route;
  caller: 'owner' | 'key' | 'nobody' | 'garbage';
  method: string;
  /** By name, in the path. */
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  /** As sent on the wire; undefined for none. */
  body: string | undefined;
  /** It repeats a request to this route that got a good answer, with at most one mistake in it. */
  learned?: Learned | undefined;
}

export interface Learned {
  /** Which of the requests that got a good answer. */
  place: number;
  /** Which objects it names in place of those that it named then; undefined for the same. */
  objects: number | undefined;
  mistake: Mistake | undefined;
}

interface Mistake {
  where: 'body' | 'query' | 'param';
  place: number;
  how: string;
  name: string;
  instead: unknown;
}

/** The request that a learned one stands for. */
export function asLearned(request: FuzzRequest, learned: Learned, known: readonly FuzzRequest[]): FuzzRequest {
  const good = known[learned.place % Math.max(1, known.length)];
  if (!good) return request;
  const { objects, mistake } = learned;
  const moved = <Part>(part: Part): Part =>
    objects === undefined || part === undefined
      ? part
      : (JSON.parse(JSON.stringify(part).replaceAll(/@([a-z_]+):\d+@/g, `@$1:${objects}@`)) as Part);
  const { params, query, headers, body } = moved({ ...good, route: undefined });
  const repeated = {
    ...request,
    method: good.method,
    params,
    query,
    headers: { ...request.headers, ...headers },
    body: body ?? undefined,
  };
  return mistake ? withMistake(repeated, mistake) : repeated;
}

function withMistake(request: FuzzRequest, { where, place, how, name, instead }: Mistake): FuzzRequest {
  const text = typeof instead === 'string' ? instead : JSON.stringify(instead);
  const params = Object.keys(request.params);
  if (where === 'param' && params.length > 0)
    return { ...request, params: { ...request.params, [params[place % params.length] ?? '']: text } };
  const json = jsonIn(request.body);
  if (where === 'body' && json !== undefined)
    return { ...request, body: JSON.stringify(spoilAt(json, place, how, name, instead)) };
  return { ...request, query: [...request.query, [name, text]] };
}

function jsonIn(body: string | undefined): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}

// Ids exist only at run time, so a request refers to the position of a seen id.
const seenId = (kind: IdKind) => fc.nat(200).map(place => `@${kind}:${place}@`);
const unknownId = (kind: IdKind) =>
  fc.stringMatching(/^0[0-9a-hjkmnp-tv-z]{25}$/).map(rest => `${idPrefixes[kind]}_${rest}`);

/** Replaces references with seen ids. */
export const withIds = (text: string, ids: ReadonlyMap<string, readonly string[]>): string =>
  text.replaceAll(/@([a-z_]+):(\d+)@/g, (whole, kind: string, place: string) => {
    const known = ids.get(kind) ?? [];
    return known[Number(place) % Math.max(1, known.length)] ?? whole;
  });

/** Replaces references with secrets that answers gave. */
export const withSecrets = (text: string, secretOf: (name: string) => string | undefined): string =>
  text.replaceAll(/@secret:([a-z_]+)@/g, (whole, name: string) => secretOf(name) ?? whole);

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u200b\ufeff',
  "' or 1=1 --",
  '"; drop table message; --',
  '$1',
  '%',
  '_',
  '\\',
  '%00',
  '%2e%2e%2f',
  '../../../etc/passwd',
  '..',
  '.',
  '/',
  '//',
  '{}',
  '[]',
  'null',
  'true',
  'NaN',
  '-1',
  '0',
  '1e9',
  '1e400',
  '9007199254740993',
  '99999999999999999999999999',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '0000-00-00T00:00:00Z',
  '+99999999-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '__proto__',
  'constructor',
  'toString',
  '<script>alert(1)</script>',
  '{{7*7}}',

  'a'.repeat(5_000),
  'ÿ'.repeat(300),
  'WyJ4Il0',
  Buffer.from('["999999999999999"]').toString('base64url'),
  Buffer.from('["ffffffff-ffff-ffff-ffff-ffffffffffff"]').toString('base64url'),
  Buffer.from('["2026-99-99T99:99:99.999Z","ffffffff-ffff-ffff-ffff-ffffffffffff"]').toString('base64url'),
];
const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 40 }));
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.1, 1e308, -0, 2 ** 53, [], {}, [[]], [null], { $ne: null }),
  fc.jsonValue({ maxDepth: 3 }),
);

const soon = fc
  .integer({ min: -86_400, max: 86_400 * 30 })
  .map(s => new Date(1_795_000_000_000 + s * 1000).toISOString());

/** Values that a schema allows. */
function valid(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(each => valid(each, name)));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([field, each]) => [field, valid(each, field)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: (schema.required ?? []) as never[] });
    }
    case 'array':
      return fc.array(valid(schema.items ?? {}, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true });
    case 'string':
      return validText(schema, name);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function validText(schema: Schema, name: string): fc.Arbitrary<string> {
  const kind = idKindOf(schema);
  if (kind) return fc.oneof({ weight: 8, arbitrary: seenId(kind) }, { weight: 1, arbitrary: unknownId(kind) });
  if (/country code/.test(schema.description ?? '') || /^(to|phone)$/.test(name))
    return fc.oneof(
      fc.nat(9_999).map(n => `+3361${String(4_000_000 + n)}`),
      fc.integer({ min: 110, max: 129 }).map(n => `+12025550${n}`),
    );
  if (name === 'time_zone') return fc.constantFrom('Europe/Lisbon', 'UTC', 'Asia/Kolkata', 'America/St_Johns');
  switch (schema.format) {
    case 'date-time':
      return soon;
    case 'date':
      return soon.map(time => time.slice(0, 10));
    case 'email':
      return fc.oneof(
        fc.nat(9_999).map(n => `person${n}@example.com`),
        fc.emailAddress(),
      );
    case 'uri':
      return fc.webUrl();
  }
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern), { size: '-1' });
  const { minLength = 0, maxLength = 100 } = schema;
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

/** A value with one mistake somewhere. */
const spoilt = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.nat(1_000), fc.constantFrom('drop', 'replace', 'add', 'wrap'), hostileText, hostileValue)
    .map(([whole, place, how, name, instead]) => spoilAt(whole, place, how, name, instead));

function spoilAt(value: unknown, place: number, how: string, name: string, instead: unknown): unknown {
  if (how === 'wrap') return [value];
  if (Array.isArray(value) && value.length > 0) {
    const index = place % value.length;
    return value.map((each, at) => (at === index ? spoilAt(each, place >> 2, how, name, instead) : each));
  }
  if (typeof value !== 'object' || value === null) return instead;
  const entries = Object.entries(value);
  if (how === 'add' || entries.length === 0) return Object.fromEntries([...entries, [name, instead]]);
  const index = place % entries.length;
  const deeper = place % 3 === 0;
  return Object.fromEntries(
    entries.flatMap(([key, each], at) => {
      if (at !== index) return [[key, each]];
      if (deeper && typeof each === 'object') return [[key, spoilAt(each, place >> 2, how, name, instead)]];
      return how === 'drop' ? [] : [[key, instead]];
    }),
  );
}

const rawBodies = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[',
    '"',
    'null',
    '{"a":1,"a":2}',
    '{"__proto__":{"role":"owner"}}',
    '{"constructor":{"prototype":{"role":"owner"}}}',
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    '\ufeff{}',
    '{"n":1e999999}',
    'a=b&c=d',
    '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

const contentTypes = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-8',
      'APPLICATION/JSON',
      'application/json;',
      'application/json ; charset=utf-16',
      'application/json\ta',
      'application/json a',
      'application/json,text/plain',
      'application/jsonx',
      'application/problem+json',
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '*/*',
      'json',
      '',
    ),
  },
);

const headerText = fc.stringMatching(/^[\x21-\x7e]{1,300}$/);

function paramsOf(parameters: Parameter[]): fc.Arbitrary<Record<string, string>> {
  const mine = parameters.filter(each => each.in === 'path');
  return fc.record(
    Object.fromEntries(
      mine.map(({ name, schema }) => [
        name,
        fc.oneof({ weight: 9, arbitrary: valid(schema, name).map(String) }, { weight: 1, arbitrary: hostileText }),
      ]),
    ),
  );
}

function queryOf(parameters: Parameter[]): fc.Arbitrary<[string, string][]> {
  const mine = parameters.filter(each => each.in === 'query');
  const one = (name: string, value: fc.Arbitrary<string>) => value.map((text): [string, string] => [name, text]);
  const kinds = mine.flatMap(({ name, schema }) => [
    { weight: 6, arbitrary: one(name, valid(schema, name).map(String)) },
    { weight: 1, arbitrary: one(name, hostileText) },
  ]);
  const unknown = { weight: 1, arbitrary: fc.tuple(hostileText, hostileText) };
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 5, arbitrary: fc.array(fc.oneof(...kinds, unknown), { maxLength: 3 }) },
  );
}

/** A request to any route. */
export function requests(routes: Route[]): fc.Arbitrary<FuzzRequest> {
  const byRoute = routes.map(route => {
    const body = route.body ? valid(route.body.schema) : fc.constant(undefined);
    const json = (value: fc.Arbitrary<unknown>) => value.map(each => JSON.stringify(each));
    const bodies = route.body
      ? fc.oneof(
          { weight: 6, arbitrary: json(body) },
          { weight: 4, arbitrary: json(spoilt(body)) },
          { weight: 1, arbitrary: json(hostileValue) },
          { weight: 1, arbitrary: rawBodies },
          { weight: 1, arbitrary: fc.constant(undefined) },
        )
      : fc.oneof(
          { weight: 20, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: rawBodies },
          { weight: 1, arbitrary: json(hostileValue) },
        );
    const caller = fc.oneof(
      { weight: 10, arbitrary: fc.constant('owner' as const) },
      { weight: 4, arbitrary: fc.constant('key' as const) },
      { weight: 1, arbitrary: fc.constant('nobody' as const) },
      { weight: 1, arbitrary: fc.constant('garbage' as const) },
    );
    const method = fc.oneof(
      { weight: 40, arbitrary: fc.constant(route.method) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS') },
    );
    const more = fc.oneof(
      { weight: 12, arbitrary: fc.constant({}) },
      { weight: 3, arbitrary: fc.record({ 'idempotency-key': fc.nat(50).map(n => `key ${n}`) }) },
      { weight: 1, arbitrary: fc.record({ 'idempotency-key': headerText }) },
      { weight: 1, arbitrary: fc.record({ 'x-request-id': headerText }) },
      { weight: 1, arbitrary: fc.record({ cookie: headerText }) },
      { weight: 1, arbitrary: fc.record({ 'x-hub-signature-256': headerText }) },
    );
    const learned: fc.Arbitrary<Learned> = fc.record({
      place: fc.nat(1_000),
      objects: fc.option(fc.nat(200), { nil: undefined, freq: 2 }),
      mistake: fc.option(
        fc.record({
          where: fc.constantFrom('body' as const, 'body' as const, 'query' as const, 'param' as const),
          place: fc.nat(1_000),
          how: fc.constantFrom('drop', 'replace', 'add', 'wrap'),
          name: hostileText,
          instead: hostileValue,
        }),
        { nil: undefined, freq: 2 },
      ),
    });
    return fc
      .record({
        learned: fc.option(learned, { nil: undefined, freq: 2 }),
        caller,
        method,
        params: paramsOf(route.parameters),
        query: queryOf(route.parameters),
        more,
        type: contentTypes,
        body: bodies,
      })
      .map(({ more: headers, type, ...rest }) => ({
        ...rest,
        route,
        headers: { ...headers, ...(rest.body !== undefined && { 'content-type': type }) } as Record<string, string>,
      }));
  });
  return fc.oneof(...byRoute);
}
