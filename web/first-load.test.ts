// How much script a browser loads before the inbox shows its list: the built files of the app, the page and its texts.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';

/** One file of the build, as Vite's manifest lists it by its source. */
interface Chunk {
  file: string;
  imports?: string[];
}

const dist = new URL('dist/', import.meta.url);
const mostBytes = 300 * 1_024;

/** The files of these sources, and of all that they import. */
function filesOf(sources: string[], chunks: Record<string, Chunk>, seen = new Set<string>()): Set<string> {
  for (const source of sources) {
    const chunk = chunks[source];
    if (!chunk) throw new Error(`The manifest has no ${source}.`);
    if (seen.has(chunk.file)) continue;
    seen.add(chunk.file);
    filesOf(chunk.imports ?? [], chunks, seen);
  }
  return seen;
}

/** The scripts of the page itself. */
function scriptsIn(chunks: Record<string, Chunk>): string[] {
  const html = readFileSync(new URL('index.html', dist), 'utf8');
  return [...html.matchAll(/src="\/([^"]+\.js)"/g)].map(([, script]) => {
    const name = Object.keys(chunks).find(each => chunks[each]?.file === script);
    if (name === undefined) throw new Error(`The manifest does not list ${script}.`);
    return name;
  });
}

test.each(['en', 'pt', 'es', 'ar'])('the inbox loads at most 300 KB of script in %s', language => {
  const manifest = new URL('.vite/manifest.json', dist);
  expect(existsSync(manifest), 'run "npm run build" first').toBe(true);
  const chunks = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, Chunk>;
  const files = filesOf([...scriptsIn(chunks), 'features/inbox/page.tsx', `locales/${language}/index.ts`], chunks);
  const sizes = [...files].map(file => [file, statSync(new URL(`${file}.gz`, dist)).size] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(sizes.length).toBeGreaterThan(3);
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(mostBytes);
});
