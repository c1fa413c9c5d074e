// docs/reference/asvs.md names the tests that hold what it says: they have to exist under these names.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/asvs.md', root), 'utf8');
const named = [...page.matchAll(/`((?:tests|server)\/[\w./-]+\.test\.ts)`(?:: ([^|;(\n]+))?/g)];

test('every file that the page names exists, and has a test of that name', () => {
  expect(named.length).toBeGreaterThan(30);
  for (const [, file = '', title] of named) {
    const path = new URL(file, root);
    expect(existsSync(path), file).toBe(true);
    // A sentence of ours may follow the title.
    const name = title?.split('. ')[0]?.trim();
    if (name) expect(readFileSync(path, 'utf8'), `${file}: ${name}`).toContain(name);
  }
});
