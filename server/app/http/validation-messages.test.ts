import { expect, test } from 'vitest';
import { z } from 'zod';
import { inWords } from './validation-messages.ts';

const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: inWords }).error?.issues.map(({ message }) => message);

test.each([
  [z.string(), undefined, 'Is missing.'],
  [z.string(), 5, 'Must be a string.'],
  [z.string(), null, 'Must be a string.'],
  [z.string(), ['a', 'b'], 'Must be one value, not several.'],
  [z.number(), '5', 'Must be a number.'],
  [z.int(), 1.5, 'Must be a whole number.'],
  [z.boolean(), 'yes', 'Must be true or false.'],
  [z.strictObject({}), 'x', 'Must be an object.'],
  [z.strictObject({}), [], 'Must be an object.'],
  [z.array(z.string()), 'x', 'Must be a list.'],
  [z.array(z.string()).min(1), [], 'Must contain at least one item.'],
  [z.array(z.string()).max(1), ['a', 'b'], 'Must contain at most one item.'],
  [z.array(z.string()).min(2), ['a'], 'Must contain at least 2 items.'],
  [z.enum(['csv', 'ndjson']), undefined, 'Is missing.'],
  [z.enum(['csv', 'ndjson']), 'xml', 'Must be one of csv, ndjson.'],
  [z.enum(['csv', 'ndjson']), ['csv', 'ndjson'], 'Must be one value, not several.'],
  [z.record(z.string().max(1, { error: 'Is too long.' }), z.string()), { ab: 'x' }, 'Is too long.'],
])('%# says what a value must be', (schema, value, words) => {
  expect(said(schema, value)).toEqual([words]);
});

test('a schema with words of its own keeps them', () => {
  expect(said(z.string({ error: 'Must be a name.' }), 5)).toEqual(['Must be a name.']);
});
