// docs/reference/dependencies.md: every direct dependency with its reason, and which packages may run a script.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Manifest {
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
  overrides?: Record<string, string>;
}
const manifest = (path: string): Manifest => JSON.parse(read(path));
const main = manifest('package.json');
const workspaces = (main.workspaces ?? []).map(name => [name, manifest(`${name}/package.json`)] as const);
const page = read('docs/reference/dependencies.md');

/** The first cells of the rows of a section, and the second. */
function rowsOf(section: string): string[][] {
  const text = page.split(/^## /m).find(part => part.startsWith(`${section}\n`)) ?? '';
  const rows = text.split('\n').filter(line => line.startsWith('|'));
  return rows.slice(2).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}
const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

test('every direct dependency has its reason, and says who uses it', () => {
  const running: Record<string, string[]> = {};
  for (const [workspace, { dependencies = {} }] of workspaces)
    for (const name of Object.keys(dependencies)) running[name] = [...(running[name] ?? []), workspace];
  const told = Object.fromEntries(
    rowsOf('In the running program').map(([name, users]) => [namesIn(name)[0] ?? '', (users ?? '').split(', ').sort()]),
  );
  expect(told).toEqual(Object.fromEntries(Object.entries(running).map(([name, users]) => [name, users.sort()])));
  const ofWebApp = workspaces.find(([name]) => name === 'web')?.[1].devDependencies ?? {};
  const forTests = [main, ...workspaces.filter(([name]) => name !== 'web').map(([, each]) => each)];
  expect(
    rowsOf('In the web app')
      .flatMap(([names]) => namesIn(names))
      .sort(),
  ).toEqual(Object.keys(ofWebApp).sort());
  expect(
    rowsOf('For development')
      .flatMap(([names]) => namesIn(names))
      .sort(),
  ).toEqual(forTests.flatMap(({ devDependencies = {} }) => Object.keys(devDependencies)).sort());
  for (const [, , reason] of rowsOf('In the running program')) expect(reason?.length).toBeGreaterThan(4);
});

test('every version is exact', () => {
  for (const [, each] of [['.', main] as const, ...workspaces])
    for (const version of Object.values({ ...each.dependencies, ...each.devDependencies }))
      expect(version).toMatch(/^(npm:\w+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test('every package that wants to run a script when it is installed is allowed to, or refused, by name', () => {
  const { packages }: { packages: Record<string, { hasInstallScript?: boolean }> } = JSON.parse(
    read('package-lock.json'),
  );
  const wanting = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  const allowed = main.allowScripts ?? {};
  expect(wanting.filter(name => !(name in allowed))).toEqual([]);
  const told = Object.fromEntries(
    rowsOf('Install scripts').flatMap(([names = '', word]) =>
      namesIn(names).map(name => [name.split('/').at(-1), word === 'allowed']),
    ),
  );
  expect(told).toEqual(Object.fromEntries(Object.entries(allowed).map(([name, may]) => [name.split('/').at(-1), may])));
});

test('the page lists every version that is held back', () => {
  const told = Object.fromEntries(rowsOf('Held back').map(([name, version]) => [namesIn(name)[0], version]));
  expect(told).toEqual(main.overrides);
});

const npmMajor = Number(execFileSync('npm', ['--version'], { encoding: 'utf8' }).split('.')[0]);

test.runIf(npmMajor >= 11)(
  '`npm ci` with our .npmrc installs nothing that has a script which nobody allowed',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'recado-scripts-'));
    try {
      const proof = join(folder, 'it-ran');
      mkdirSync(join(folder, 'stranger'));
      writeFileSync(
        join(folder, 'stranger/package.json'),
        JSON.stringify({ name: 'stranger', version: '1.0.0', scripts: { install: `touch ${proof}` } }),
      );
      const npm = (words: string[], cwd: string) => spawnSync('npm', words, { cwd, encoding: 'utf8' });
      npm(['pack', '--silent', '--pack-destination', '..'], join(folder, 'stranger'));
      const wants = {
        name: 'wants',
        version: '1.0.0',
        private: true,
        dependencies: { stranger: 'file:stranger-1.0.0.tgz' },
      };
      writeFileSync(join(folder, 'package.json'), JSON.stringify(wants));
      npm(['install', '--package-lock-only', '--offline', '--ignore-scripts'], folder);
      cpSync(fileURLToPath(new URL('.npmrc', root)), join(folder, '.npmrc'));
      const { status, stderr } = npm(['ci', '--offline'], folder);
      expect(stderr).toContain('ESTRICTALLOWSCRIPTS');
      expect(status).not.toBe(0);
      expect(existsSync(proof)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
