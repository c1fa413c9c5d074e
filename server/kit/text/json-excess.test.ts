// The count of values agrees with the parsed value, whatever the JSON says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excessOf, excessOfBytes } from './json-excess.ts';

const none = { values: Infinity, fields: Infinity, levels: Infinity };

interface Size {
  values: number;
  fields: number;
  levels: number;
}

/** The size of the parsed value. An empty container counts as one with one value, which only raises the count. */
function sizeOf(value: unknown): Size {
  if (typeof value !== 'object' || value === null) return { values: 1, fields: 0, levels: 0 };
  const sizes = Object.values(value).map(sizeOf);
  return {
    values:
      1 +
      Math.max(
        1,
        sizes.reduce((sum, size) => sum + size.values, 0),
      ),
    fields: Math.max(Array.isArray(value) ? 0 : sizes.length, ...sizes.map(size => size.fields)),
    levels: 1 + Math.max(0, ...sizes.map(size => size.levels)),
  };
}

test('each limit is exceeded by one more than it allows, and by nothing less', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), json => {
      const size = sizeOf(JSON.parse(json));
      for (const limit of ['values', 'fields', 'levels'] as const) {
        expect(excessOf(json, { ...none, [limit]: size[limit] })).toBeUndefined();
        // A text is at least one value.
        if (size[limit] > Number(limit === 'values'))
          expect(excessOf(json, { ...none, [limit]: size[limit] - 1 })).toBe(limit);
        expect(excessOfBytes(Buffer.from(json), { ...none, [limit]: size[limit] })).toBeUndefined();
      }
    }),
  );
});

test('signs within texts, behind escapes and beside other letters do not count', () => {
  const text = JSON.stringify(['a,b:[{', 'q"\\",[', 'ünïcödé ,,, 漢字', '\\']);
  expect(excessOf(text, { values: 5, fields: 0, levels: 1 })).toBeUndefined();
  expect(excessOfBytes(Buffer.from(text), { values: 5, fields: 0, levels: 1 })).toBeUndefined();
  expect(excessOf(text, { values: 4, fields: 0, levels: 1 })).toBe('values');
});
