import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dispositionOf, namesTag, readRange } from './file-headers.ts';

test('for any file name, Content-Disposition is one header with that name', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
      fc.constantFrom('image/png', 'text/html'),
      (name, type) => {
        const header = dispositionOf(type, name, 'id');
        const [, kind, plain, whole = ''] =
          /^(inline|attachment); filename="([^"\\\r\n]*)"; filename\*=UTF-8''([\w.!#$&+^`|~%-]*)$/.exec(header) ?? [];
        expect(kind).toBe(type === 'image/png' ? 'inline' : 'attachment');
        expect(plain).toMatch(/^[ -~]+$/);
        expect(decodeURIComponent(whole)).toBe(name.toWellFormed());
      },
    ),
  );
});

test('a range is within the file, or unsatisfiable', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.constantFrom('bytes=', 'bytes=-', 'items='),
      fc.nat(2_000),
      fc.constantFrom('', '-', '-7', ',1-2', '-99999999'),
      (size, unit, from, rest) => {
        const range = readRange(`${unit}${from}${rest}`, size);
        if (range === undefined) expect(unit).toBe('items=');
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      },
    ),
  );
});

test('a tag is compared whole', () => {
  expect(namesTag('"a"', '"a"')).toBe(true);
  expect(namesTag('W/"b", "a"', '"a"')).toBe(true);
  expect(namesTag('*', '"a"')).toBe(true);
  expect(namesTag('"ab"', '"a"')).toBe(false);
  expect(namesTag(undefined, '"a"')).toBe(false);
});
