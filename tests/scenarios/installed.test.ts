// `npx recado` where it is installed: in an image without sources to build from, and in a tree that its user cannot write.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { version } from '../../server/app/version.ts';

const root = join(import.meta.dirname, '../..');
const workspaces = ['contract', 'simulator', 'channels/whatsapp-web', 'server', 'cli', 'sdk', 'web'];
/** Nobody, whom every Linux and macOS has. */
const nobody = 65_534;
/** Only root can become somebody else. */
const canBeNobody = process.getuid?.() === 0;
/** Below a folder that is closed to others, packages are copied and not linked. */
const isReadable =
  spawnSync('test', ['-r', join(root, 'package.json')], { uid: nobody, gid: nobody, cwd: '/' }).status === 0;
let place = '';

beforeAll(() => {
  expect(spawnSync('npm', ['run', 'build'], { cwd: root }).status).toBe(0);
  place = mkdtempSync(join(tmpdir(), 'recado-installed-'));
  chmodSync(place, 0o755);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const copyPackage = (from: string, to: string) => cpSync(from, to, { recursive: true });

/** A copy of this Recado, as built, whose packages are ours: with the compiler and the scripts, or as in an image. */
function copyOf(name: string, whole: boolean): string {
  const copy = join(place, name);
  mkdirSync(join(copy, 'node_modules', '@recado'), { recursive: true });
  for (const folder of [...workspaces, ...(whole ? ['scripts'] : [])])
    cpSync(join(root, folder), join(copy, folder), {
      recursive: true,
      preserveTimestamps: true,
      filter: path => !path.includes(`/${folder}/node_modules`),
    });
  for (const file of ['package.json', ...(whole ? ['tsconfig.json', 'tsconfig.base.json'] : [])])
    cpSync(join(root, file), join(copy, file));
  for (const entry of readdirSync(join(root, 'node_modules')))
    if (entry !== '@recado' && !entry.startsWith('.') && (whole || entry !== 'typescript-7'))
      (isReadable || !canBeNobody ? symlinkSync : copyPackage)(
        join(root, 'node_modules', entry),
        join(copy, 'node_modules', entry),
      );
  for (const folder of workspaces)
    symlinkSync(join(copy, folder), join(copy, 'node_modules', '@recado', basename(folder)));
  return copy;
}

function run(copy: string, words: string[], uid?: number) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'cli/bin/recado.mjs'), ...words], {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, stdout, stderr };
}

test.each(['--help', '-h'])('npx recado %s names every command', word => {
  const { status, stdout, stderr } = run(root, [word]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.match(/^npx recado \w+/gm)?.map(line => line.split(' ')[2])).toEqual([
    'backup',
    'restore',
    'recovered',
    'check',
    'secrets',
    'media',
    'people',
    'workspaces',
    'sandbox',
    'psql',
    'simulator',
    'demo',
  ]);
});

test.each([
  [[], ''],
  [['bakcup'], 'Unknown command bakcup. '],
  [['--nope'], 'Unknown option --nope. '],
])('npx recado with no command that it knows (%j) is a mistake', (words, mistake) => {
  const { status, stdout, stderr } = run(root, words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(
    `${mistake}Name a command: npx recado backup | restore | recovered | check | secrets | media | people | workspaces | web-version | sandbox | psql | simulator | demo (with --help for more).\n`,
  );
});

test('npx recado --version says which it is', () => {
  const { status, stdout } = run(root, ['--version']);
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
});

const stampOf = (copy: string) => readFileSync(join(copy, 'server/dist/.built'), 'utf8');

describe('npx recado where it is installed', () => {
  it('runs what was built where there is nothing to build with, as in the image', () => {
    const copy = copyOf('image', false);
    const { status, stdout, stderr } = run(copy, ['backup', '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^npx recado backup/);
  });

  it.skipIf(!canBeNobody)(
    'leaves what was built alone in a tree that another user owns, and tells when it is old',
    () => {
      const copy = copyOf('owned', true);
      const stamp = stampOf(copy);
      expect(stamp).toMatch(/^[0-9a-f]{64}$/);
      const fresh = run(copy, ['backup', '--help'], nobody);
      expect({ status: fresh.status, stderr: fresh.stderr }).toEqual({ status: 0, stderr: '' });
      expect(fresh.stdout).toMatch(/^npx recado backup/);

      appendFileSync(join(copy, 'server/app/version.ts'), '// Changed.\n');
      const old = run(copy, ['backup', '--help'], nobody);
      expect(old.status).toBe(0);
      expect(old.stderr).toMatch(
        /^Note: the sources have changed .* is not writable for this user: run "npm run build"/,
      );
      expect(stampOf(copy)).toBe(stamp);
    },
  );

  it.skipIf(!canBeNobody)('says what to do where nothing was built and nothing can be', () => {
    const copy = copyOf('bare', true);
    for (const folder of workspaces) rmSync(join(copy, folder, 'dist'), { recursive: true });
    const { status, stdout, stderr } = run(copy, ['backup', '--help'], nobody);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Recado must be built, but .* is not writable for this user: run "npm run build"/);
  });
});
