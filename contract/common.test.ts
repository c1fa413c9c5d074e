// The request objects: null in an optional field, unknown fields, and what the document says of both.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changeBody, requestObject } from './common.ts';

const body = requestObject({
  name: z.string(),
  note: z.string().optional().meta({ description: 'A note.' }),
  limit: z.number().nullable().optional(),
  tags: z.array(z.string()).min(1).optional(),
});

describe('null in an optional field of a request', () => {
  test('is the same as no field', () => {
    expect(body.parse({ name: 'a', note: null, tags: null })).toStrictEqual({ name: 'a' });
  });

  test('stays where the field gives null a meaning', () => {
    expect(body.parse({ name: 'a', limit: null })).toStrictEqual({ name: 'a', limit: null });
  });

  test('is invalid where the field is required', () => {
    expect(body.safeParse({ name: null }).error?.issues).toMatchObject([{ path: ['name'] }]);
  });

  test('does not excuse unknown fields and wrong values', () => {
    const issues = body.safeParse({ name: 'a', note: 1, other: null }).error?.issues ?? [];
    expect(issues).toMatchObject([{ path: ['note'] }, { code: 'unrecognized_keys', keys: ['other'] }]);
  });

  test('works in each branch of a union, and before the rules of the object', () => {
    const either = z.discriminatedUnion('type', [
      requestObject({ type: z.literal('a'), one: z.string().optional(), two: z.string().optional() }).refine(
        ({ one, two }) => (one === undefined) !== (two === undefined),
      ),
      requestObject({ type: z.literal('b') }),
    ]);
    expect(either.parse({ type: 'a', one: 'x', two: null })).toStrictEqual({ type: 'a', one: 'x' });
    expect(either.safeParse({ type: 'a', one: null }).success).toBe(false);
  });

  test('changes nothing in a PATCH, which must change something', () => {
    const change = changeBody({ name: z.string().optional(), phone: z.string().nullable().optional() });
    expect(change.safeParse({ name: null }).success).toBe(false);
    expect(change.parse({ name: null, phone: null })).toStrictEqual({ phone: null });
  });

  test('is in the document', () => {
    const { properties, additionalProperties } = z.toJSONSchema(body, { io: 'input' });
    expect(properties?.note).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'null' }] });
    expect(additionalProperties).toBe(false);
  });
});
