// Fields are ordered as PostgreSQL stores them.
import { expect, test } from 'vitest';
import { inStoredOrder } from './stored-order.ts';

test('shorter names come first, then the order of bytes, at every depth', () => {
  const value = { text: 1, a: [{ zz: 1, b: undefined, y: { c: 1, B: 2 } }], code: 2 };
  expect(JSON.stringify(inStoredOrder(value))).toBe('{"a":[{"y":{"B":2,"c":1},"zz":1}],"code":2,"text":1}');
});
