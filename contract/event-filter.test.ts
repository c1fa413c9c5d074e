// The filter of an endpoint: what is valid, and what matches.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFilter, type EventFilter, matchesFilter } from './event-filter.ts';

const event = {
  type: 'message.received',
  account_id: 'acc_1',
  data: { message: { type: 'text', error: null, text: { body: 'hi' } }, number: 3, list: ['a'] },
};

const field = (name: string) => `data.${name}`;

describe('a condition', () => {
  const cases: [EventFilter, boolean][] = [
    [{ field: 'type', equals: 'message.received' }, true],
    [{ field: 'type', equals: 'message.sent' }, false],
    [{ field: field('message.type'), in: ['image', 'text'] }, true],
    [{ field: field('message.type'), in: ['image'] }, false],
    [{ field: field('number'), equals: 3 }, true],
    [{ field: field('number'), equals: '3' }, false],
    [{ field: field('message.error'), exists: false }, true],
    [{ field: field('message.error'), equals: null }, true],
    [{ field: field('message.text.body'), exists: true }, true],
    [{ field: field('list.0'), equals: 'a' }, true],
    [{ field: field('missing.too'), exists: false }, true],
    [{ field: field('message'), exists: true }, true],
    [{ field: field('message'), equals: 'text' }, false],
    [{ field: field('constructor'), exists: true }, false],
    [{ field: field('__proto__'), exists: true }, false],
  ];
  test.each(cases)('%j matches: %s', (filter, expected) => {
    expect(checkFilter(filter)).toEqual([]);
    expect(matchesFilter(filter, event)).toBe(expected);
  });
});

test('and and or are what they are for booleans, whatever their nesting', () => {
  const leaf = fc.boolean().map(value => ({ filter: { field: 'type', exists: value } as EventFilter, value }));
  const tree: fc.Arbitrary<{ filter: EventFilter; value: boolean }> = fc.letrec<{
    part: { filter: EventFilter; value: boolean };
  }>(tie => ({
    part: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map(parts => ({
        filter: { and: parts.map(part => part.filter) },
        value: parts.every(part => part.value),
      })),
      fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map(parts => ({
        filter: { or: parts.map(part => part.filter) },
        value: parts.some(part => part.value),
      })),
    ),
  })).part;
  fc.assert(fc.property(tree, ({ filter, value }) => matchesFilter(filter, event) === value));
});

const nested = (depth: number): unknown =>
  depth === 1 ? { field: 'type', equals: 'x' } : { and: [nested(depth - 1)] };

describe('a filter is rejected', () => {
  test.each([
    ['text', [], 'Must be a condition'],
    [{}, ['field'], 'Must be the path'],
    [{ field: 'secret', equals: 1 }, ['field'], 'Must be the path'],
    [{ field: 'data', exists: true }, ['field'], 'Must be the path'],
    [{ field: 'data..x', exists: true }, ['field'], 'Must be the path'],
    [{ field: 'type' }, [], 'exactly one'],
    [{ field: 'type', equals: 1, in: [1] }, [], 'exactly one'],
    [{ field: 'type', equals: {} }, ['equals'], 'Must be a text'],
    [{ field: 'type', equals: 'a\u0000' }, ['equals'], 'Must be a text'],
    [{ field: 'type', in: [] }, ['in'], 'Must be a list'],
    [{ field: 'type', in: [[]] }, ['in', 0], 'Must be a text'],
    [{ field: 'type', exists: 'yes' }, ['exists'], 'true or false'],
    [{ field: 'type', equals: 1, regex: 'x' }, ['regex'], 'not a known'],
    [{ and: [] }, ['and'], 'at least one'],
    [{ and: [{ or: 'x' }] }, ['and', 0, 'or'], 'Must be a list'],
    [{ and: [{ field: 'type', equals: 1 }], or: [] }, ['or'], 'beside'],
    [nested(5), ['and', 0, 'and', 0, 'and', 0, 'and'], 'levels'],
    [{ or: Array.from({ length: 3 }, () => ({ and: Array.from({ length: 17 }, () => nested(1)) })) }, [], 'at most 50'],
  ])('%j', (filter, path, message) => {
    const [mistake] = checkFilter(filter);
    expect(mistake?.path).toEqual(path);
    expect(mistake?.message).toContain(message);
  });

  test('at four levels and fifty conditions it is still valid', () => {
    expect(checkFilter(nested(4))).toEqual([]);
    expect(checkFilter({ or: Array.from({ length: 50 }, () => nested(1)) })).toEqual([]);
  });

  test('whatever else comes, the check does not throw', () => {
    fc.assert(fc.property(fc.anything(), value => Array.isArray(checkFilter(value))));
  });
});
