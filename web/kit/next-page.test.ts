import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextPage } from './next-page.ts';

const origin = 'https://recado.example';

test('a page of ours is kept with its search and place', () => {
  for (const page of ['/', '/inbox', '/inbox/cnv_1?unread=true', '/messages?status=failed#row', '/a%09b'])
    expect(nextPage(page, origin)).toBe(page);
});

test.each([
  ['//evil.example'],
  ['/\\evil.example'],
  ['/\t/evil.example'],
  ['/\n/evil.example'],
  ['/\r\\evil.example'],
  ['\t//evil.example'],
  ['/.//evil.example'],
  ['/a/..//evil.example'],
  ['/%2e//evil.example'],
  ['https://evil.example'],
  ['javascript:alert(1)'],
  ['inbox'],
  [''],
  [undefined],
  [['/inbox']],
])('%j is no page of ours', asked => {
  expect(nextPage(asked, origin)).toBeUndefined();
});

test('no link leaves the origin, however it is written', () => {
  const pieces = fc.constantFrom(
    ...['/', '//', '\\', '\t', '\n', '\r', '.', '..', '%2e', '%2f', '%09', '@', ':', '?', '#', ' ', '\u0000', '。'],
    ...['evil.example', 'https:', 'javascript:', 'a'],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), fc.boolean(), (some, rooted) => {
      const page = nextPage((rooted ? '/' : '') + some.join(''), origin);
      if (page === undefined) return;
      expect(page.startsWith('/')).toBe(true);
      expect(new URL(page, origin).origin).toBe(origin);
      expect(new URL(page, `${origin}/inbox/x`).origin).toBe(origin);
      expect(nextPage(page, origin)).toBe(page);
    }),
    { numRuns: 3_000 },
  );
});
