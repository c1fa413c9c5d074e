// The contributor's pages name files, folders, commands and functions that exist.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
// Also files that are new and not yet committed.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter(path => path !== '' && existsSync(join(root, path)));
const names = new Set(files.map(path => basename(path)));
const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;

const pages = files.filter(path =>
  /^docs\/contributing\/.*\.md$|^CONTRIBUTING\.md$|^docs\/architecture\.md$/.test(path),
);
const sources = files.filter(
  path =>
    /^(contract|server|simulator|channels|cli|sdk|web|tests|bench|scripts)\/.*\.(ts|tsx|mjs|cjs|sql|json)$/.test(
      path,
    ) && !path.endsWith('contributing-pages.test.ts'),
);
const identifiers = new Set(sources.flatMap(path => read(path).match(/[A-Za-z_][\w-]*/g) ?? []));

/** Names of the outside: of PostgreSQL, npm and the shell. */
const foreign = new Set(['pg_stat_activity', 'pg_get_functiondef', 'node_modules', 'xid_current']);

/** Paths of an installation, and names of packages. */
const outside = /^(DATA_DIR|data|@recado)\//;

/** Whether a path leads somewhere: from the root, from the page, or as the end or the middle of a longer path. */
const isThere = (path: string, page: string): boolean =>
  outside.test(path) ||
  [path, join(dirname(page), path)].some(place => existsSync(join(root, place))) ||
  files.some(file => (path.endsWith('/') ? `/${file}`.includes(`/${path}`) : `/${file}`.endsWith(`/${path}`)));

/** The reason why a piece of code in a page is wrong; undefined if it is right, or no name. */
function troubleOf(code: string, page: string): string | undefined {
  const script = /^npm run (?<name>[\w:-]+)/.exec(code)?.groups?.name;
  if (script !== undefined) return script in scripts ? undefined : 'is no script of package.json';
  if (/[\s<>{}*…$"'|=]/.test(code)) return undefined;
  const path = /^(?<path>[\w.@-]+(?:\/[\w.@-]+)*\/?)(?:::?\w+)?$/.exec(code)?.groups?.path ?? '';
  if (path.includes('/')) {
    return isThere(path, page) ? undefined : 'is no file or folder';
  }
  if (/\.(ts|tsx|mjs|cjs|sql|md)$/.test(path)) return names.has(path) ? undefined : 'is no file';
  const name = /^(?<name>[a-z]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z]\w*)+)(?:\(.*\))?$/.exec(code)?.groups?.name;
  if (name !== undefined && !foreign.has(name)) return identifiers.has(name) ? undefined : 'is no name in the code';
  return undefined;
}

test.each(pages)('%s', page => {
  // Blocks hold commands and examples; guides.test.ts plays the commands.
  const prose = read(page).replaceAll(/^```[\s\S]*?^```/gm, '');
  const codes = [...prose.matchAll(/`(?<code>[^`\n]+)`/g)].map(({ groups }) => groups?.code ?? '');
  const wrong = codes.flatMap(code => {
    const trouble = troubleOf(code, page);
    return trouble === undefined ? [] : [`${code} ${trouble}`];
  });
  expect(wrong).toEqual([]);
});
