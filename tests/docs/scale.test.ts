// `npm run scale` and docs/scale.md compute the same from the same constants.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = (...args: string[]) =>
  execFileSync(process.execPath, ['scripts/scale.mjs', ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
const page = readFileSync(`${root}docs/scale.md`, 'utf8');

test('the load of the page gives the disk of the page', () => {
  const [, disk] = /\| disk for 90 days +\| × 90 +\| (\d+) TB/.exec(page) ?? [];
  expect(run('--messages', '50e6')).toContain('2,894 at the peak');
  expect(run('--messages', '50e6')).toMatch(new RegExp(`disk of the history +${disk} of 8.0 TB`));
});

test('it names the first limit and the cells that hold, and that these hold', () => {
  const text = run('--messages', '50e6');
  const [, first, cells] = /First breaks: (.+)\. (\d+) cells hold\./.exec(text) ?? [];
  expect(text).toMatch(new RegExp(`✗ ${first}`));
  expect(run('--messages', '50e6', '--cells', cells ?? '')).toContain('This holds.');
  expect(run('--messages', '50e6', '--cells', String(Number(cells) - 1))).toContain('✗');
});

test('a wrong option is named', () => {
  expect(() => run('--days', 'many')).toThrow(/--days must be a number above 0, not many/);
});
