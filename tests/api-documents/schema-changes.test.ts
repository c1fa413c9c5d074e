// Each kind of change of a schema, as openApiChanges reports it: in what clients send, and in what they receive.
import { describe, expect, test } from 'vitest';
import type { Schema } from '../openapi/document.ts';
import { type Document, drop, field, fields, kind, ref, reports, text } from './example-openapi.ts';

describe('what clients send', () => {
  const set = (path: string, change: Partial<Schema>) => (now: Document) =>
    Object.assign(field(now, 'NewThing', path), change);
  const cases: [string, (now: Document) => void, string[]][] = [
    ['a removed field', now => drop(fields(now, 'NewThing'), 'code'), ['NewThing.code was removed']],
    [
      'a new required field',
      now => {
        fields(now, 'NewThing').to = text;
        now.components.schemas.NewThing.required?.push('to');
      },
      ['NewThing.to is required now'],
    ],
    [
      'a field that becomes required',
      now => now.components.schemas.NewThing.required?.push('at'),
      ['NewThing.at is required now'],
    ],
    ['a removed value', set('status', { enum: ['new'] }), ['NewThing.status no longer accepts "old"']],
    ['values where there were none', set('code', { enum: ['a'] }), ['NewThing.code accepts only "a" now']],
    ['a constant where there was none', set('code', { const: 'a' }), ['NewThing.code accepts only "a" now']],
    ['another type', set('code', { type: 'boolean' }), ['NewThing.code no longer accepts string']],
    ['an integer for a number', set('size', { type: 'integer' }), ['NewThing.size must be an integer now']],
    ['a format', set('at', { format: 'date-time' }), ['NewThing.at must be a date-time now']],
    ['another pattern', set('code', { pattern: '^b' }), ['NewThing.code has another pattern']],
    [
      'shorter lengths',
      set('name', { minLength: 2, maxLength: 9 }),
      ['NewThing.name has a higher minLength: 2', 'NewThing.name has a lower maxLength: 9'],
    ],
    [
      'narrower bounds',
      set('size', { minimum: 1, exclusiveMinimum: 1, maximum: 8, exclusiveMaximum: 9 }),
      [
        'NewThing.size has a higher minimum: 1',
        'NewThing.size has a higher exclusiveMinimum: 1',
        'NewThing.size has a lower maximum: 8',
        'NewThing.size has a lower exclusiveMaximum: 9',
      ],
    ],
    [
      'other numbers of items',
      set('tags', { minItems: 1, maxItems: 4 }),
      ['NewThing.tags has a higher minItems: 1', 'NewThing.tags has a lower maxItems: 4'],
    ],
    [
      'a number of fields',
      now => Object.assign(now.components.schemas.NewThing, { minProperties: 2 }),
      ['NewThing has a higher minProperties: 2'],
    ],
    ['another item', set('tags', { items: { type: 'number' } }), ['NewThing.tags[] no longer accepts string']],
    [
      'another value of a record',
      set('notes', { additionalProperties: text }),
      ['NewThing.notes.* has a higher minLength: 1', 'NewThing.notes.* has a lower maxLength: 10'],
    ],
    [
      'a record that rejects other fields',
      set('notes', { additionalProperties: false }),
      ['NewThing.notes rejects other fields now'],
    ],
    [
      'limits of a record’s names',
      set('notes', { propertyNames: { type: 'string', maxLength: 9 } }),
      ['NewThing.notes names has a lower maxLength: 9'],
    ],
    ['a type for any value', set('any', { type: 'string' }), ['NewThing.any no longer accepts any value']],
    [
      'null that is not accepted',
      set('note', { anyOf: [{ type: 'string' }] }),
      ['NewThing.note no longer accepts null'],
    ],
    [
      'a removed shape of a union',
      set('content', { oneOf: [ref('TextContent')] }),
      ['NewThing.content no longer accepts FileContent'],
    ],
    [
      'a removed shape without a name',
      set('inline', { anyOf: [kind('b', { x: text })] }),
      ['NewThing.inline no longer accepts a'],
    ],
    [
      'a change within a shape of a union',
      now => drop(fields(now, 'FileContent'), 'link'),
      ['FileContent.link was removed'],
    ],
    [
      'a change within a shape without a name, in another order',
      set('inline', { anyOf: [kind('b'), kind('a', { x: text })] }),
      ['NewThing.inline.x was removed'],
    ],
  ];
  test.each(cases)('%s is reported', (_, change, expected) => expect(reports(change)).toEqual(expected));

  test('a reference with words of its own is compared like the reference alone', () => {
    const wrap = (now: Document) =>
      Object.assign(fields(now, 'NewThing'), { content: { description: 'x', allOf: [ref('FileContent')] } });
    expect(reports(wrap)).toEqual(['NewThing.content no longer accepts TextContent']);
    const narrow = (now: Document) => {
      wrap(now);
      drop(fields(now, 'FileContent'), 'link');
    };
    expect(reports(narrow, wrap)).toEqual(['FileContent.link was removed']);
  });

  test('items that get a schema are reported', () => {
    const bare = (now: Document) => drop(field(now, 'NewThing', 'tags'), 'items');
    expect(reports(() => {}, bare)).toEqual(['NewThing.tags[] has a schema now']);
  });

  test('an open record that gets a schema is reported', () => {
    const open = (now: Document) => drop(field(now, 'NewThing', 'notes'), 'additionalProperties');
    expect(reports(() => {}, open)).toEqual(['NewThing.notes limits other fields now']);
  });
});

describe('what clients receive', () => {
  const set = (path: string, change: Partial<Schema>) => (now: Document) =>
    Object.assign(field(now, 'Thing', path), change);
  const cases: [string, (now: Document) => void, string[]][] = [
    ['a removed field', now => drop(fields(now, 'Thing'), 'at'), ['Thing.at was removed']],
    [
      'a field that may be absent',
      now => now.components.schemas.Thing.required?.splice(0, 1),
      ['Thing.id may now be absent'],
    ],
    ['another type', set('id', { type: 'number' }), ['Thing.id may now be number']],
    [
      'null',
      now => Object.assign(fields(now, 'Thing'), { id: { anyOf: [text, { type: 'null' }] } }),
      ['Thing.id may now be null'],
    ],
    ['several types', set('id', { type: ['string', 'null'] as never }), ['Thing.id may now be null']],
    ['a fraction', set('count', { type: 'number' }), ['Thing.count may now be a fraction']],
    ['a lost format', now => drop(field(now, 'Thing', 'at'), 'format'), ['Thing.at is no longer a date-time']],
    ['any value', now => Object.assign(fields(now, 'Thing'), { id: {} }), ['Thing.id may now be any value']],
    ['another item', set('tags', { items: { type: 'number' } }), ['Thing.tags[] may now be number']],
    ['items of any value', now => drop(field(now, 'Thing', 'tags'), 'items'), ['Thing.tags[] may now be any value']],
    [
      'other values of a record',
      set('notes', { additionalProperties: { type: 'number' } }),
      ['Thing.notes.* may now be number'],
    ],
    [
      'any values of a record',
      now => drop(field(now, 'Thing', 'notes'), 'additionalProperties'),
      ['Thing.notes.* may now be any value'],
    ],
  ];
  test.each(cases)('%s is reported', (_, change, expected) => expect(reports(change)).toEqual(expected));
});
