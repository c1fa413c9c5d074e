// Sanitized file names: one harmless path component, or nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { declaredName } from './file-name.ts';

const nameOf = (disposition: string | undefined, path = '/') =>
  declaredName(disposition, new URL(path, 'https://example.com'));

test.each([
  ['attachment; filename="report.pdf"', 'report.pdf'],
  ['inline;FILENAME=report.pdf', 'report.pdf'],
  [`attachment; filename="x.pdf"; filename*=UTF-8''%e2%82%ac%20rates.pdf`, '€ rates.pdf'],
  ['attachment; filename="a\\"b.pdf"', 'ab.pdf'],
  ['attachment; filename="../../etc/passwd"', 'passwd'],
  ['attachment; filename="C:\\\\windows\\\\x.bat"', 'x.bat'],
  ['attachment; filename="/etc/cron.d/x"', 'x'],
  ['attachment; filename="..."', undefined],
  ['attachment; filename=".htaccess"', 'htaccess'],
  ['attachment; filename="photo\u202Egnp.exe"', 'photognp.exe'],
  ['attachment; filename="a\u0000b\u0001\u200b.png"', 'ab.png'],
  ["attachment; filename*=UTF-8''a%0d%0aSet-Cookie:%20x=1.pdf", 'aSet-Cookie x=1.pdf'],
  ["attachment; filename*=UTF-8''%ff%fe", '%ff%fe'],
  [`attachment; filename="${'é'.repeat(300)}.jpeg"`, `${'é'.repeat(195)}.jpeg`],
  ['attachment', undefined],
])('%j is %j', (disposition, name) => {
  expect(nameOf(disposition)).toBe(name);
});

test('the address gives one where no header does', () => {
  expect(nameOf(undefined, '/a/b/photo%20one.png?x=y')).toBe('photo one.png');
  expect(nameOf(undefined, '/a/%2e%2e%2fpasswd')).toBe('passwd');
  expect(nameOf(undefined, '/a/')).toBeUndefined();
});

test('no header makes a name that is more than one part of a path', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('filename=', 'filename="', "filename*=utf-8''"),
      (text, start) => {
        const name = nameOf(`attachment; ${start}${text}`);
        if (name === undefined) return;
        expect(name).not.toMatch(/[/\\\p{Cc}"]|^\.|^$/u);
        expect([...name].length).toBeLessThanOrEqual(200);
      },
    ),
  );
}, 60_000);
