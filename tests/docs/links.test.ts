// The documents: each link between them leads to a file, and to a heading that is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ofEnding = (folder: string, ending: RegExp, recursive: boolean): string[] =>
  readdirSync(join(root, folder), { recursive, withFileTypes: true })
    .filter(entry => entry.isFile() && ending.test(entry.name) && !/node_modules|\/dist/.test(entry.parentPath))
    .map(entry => join(entry.parentPath, entry.name));
const pages = [
  ...ofEnding('.', /\.md$/, false),
  ...ofEnding('docs', /\.md$/, true),
  ...ofEnding('bench', /\.md$/, false),
];
const proseOf = (page: string) => readFileSync(page, 'utf8').replace(/```[\s\S]*?^ *```/gm, '');

/** The names by which the headings of a page are linked to: those that GitHub and its like make. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} (.*)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let anchor = name;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${name}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

test('each link of a page leads to a file, and to a heading that is there', () => {
  const broken: string[] = [];
  let links = 0;
  for (const page of pages)
    for (const [, link = ''] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue;
      links++;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : resolve(dirname(page), path);
      if (!existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor)))
        broken.push(`${page}: ${link}`);
    }
  expect(broken).toEqual([]);
  expect(links).toBeGreaterThan(300);
});

test('each page that a source, a message or a unit names is there', () => {
  const sources = ['server', 'cli', 'sdk', 'contract', 'simulator', 'bench', 'tests', 'deploy', 'scripts'].flatMap(
    folder => ofEnding(folder, /./, true),
  );
  const missing = sources.flatMap(source =>
    [...readFileSync(source, 'utf8').matchAll(/docs\/[a-z0-9/-]+\.md/g)]
      .filter(([page]) => !existsSync(join(root, page)))
      .map(([page]) => `${source}: ${page}`),
  );
  expect(missing).toEqual([]);
});
