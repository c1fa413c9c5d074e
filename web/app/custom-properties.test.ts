// Each custom property that a style reads is set somewhere: a wrong name would fall back without a word.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  path => /\.(css|tsx?)$/.test(path) && !/(^|\/)(dist|node_modules)\/|\.test\./.test(path),
);

test('each custom property that is read without another value is set', () => {
  const texts = sources.map(path => readFileSync(join(root, path), 'utf8'));
  const namesIn = (pattern: RegExp) => texts.flatMap(text => [...text.matchAll(pattern)].map(([, name]) => name));
  const set = new Set([...namesIn(/(--[\w-]+)['"]?\]?\s*:/g), ...namesIn(/setProperty\(\s*['"](--[\w-]+)/g)]);
  const read = namesIn(/(?:var\(|-\()(--[a-z][\w-]*)\)/g).filter(name => !/^--(radix|tw)-/.test(name ?? ''));
  expect(read.length).toBeGreaterThan(100);
  expect([...new Set(read)].filter(name => !set.has(name))).toEqual([]);
});
