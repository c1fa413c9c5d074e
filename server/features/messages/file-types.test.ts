// SQL names the types that carry files in lists of its own, as an index needs them so. They are those of the contract.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentTypes } from '@recado/contract';
import { expect, test } from 'vitest';

const server = join(import.meta.dirname, '../..');

const listsIn = (file: string) =>
  [...readFileSync(join(server, file), 'utf8').matchAll(/(?:type|kind) in \(([^)]*'image'[^)]*)\)/g)].map(
    ([, list = '']) => ({
      file,
      types: [...list.matchAll(/'([a-z_]+)'/g)].map(([, type]) => type),
    }),
  );

const typesWith = (...places: unknown[]) =>
  Object.entries(contentTypes)
    .filter(([, { file }]) => places.includes(file))
    .map(([type]) => type);

test('each list of SQL has the types that are a file, or also those that have some inside', () => {
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.(sql|ts)$/.test(name) && !name.includes('node_modules') && !name.startsWith('dist'),
  );
  const lists = files.flatMap(listsIn);
  expect(lists.length).toBeGreaterThan(5);
  const allowed = [typesWith('itself'), typesWith('itself', 'inside')];
  for (const { file, types } of lists) expect(allowed, `${file} lists ${types.join(', ')}`).toContainEqual(types);
});
