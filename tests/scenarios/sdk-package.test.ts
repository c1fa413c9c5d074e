// The packed client, as npm would install it: its types in every way TypeScript finds modules, and at run time.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let packed: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: join(root, 'sdk'),
  });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  const installed = join(folder, 'node_modules', '@recado', 'client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', installed]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const consumer = `import { Recado, RecadoError, verifyWebhook, type Message, type RecadoEvent } from '@recado/client';
const recado = new Recado({ url: 'https://recado.example.com', token: 'rcd_x' });
export async function first(): Promise<Message | undefined> {
  const [message] = await recado.messages.list().toArray(1);
  return message;
}
export const verify: (body: string, secret: string) => Promise<RecadoEvent> = (body, secret) =>
  verifyWebhook(body, {}, secret);
export const isOurs = (error: unknown): boolean => error instanceof RecadoError;
// @ts-expect-error: without its types everything would be allowed.
recado.messages.noSuchMethod();
`;

/** The types of the package itself are checked by the other ways. */
const node10 = { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0', skipLibCheck: true };

/** A program that uses the package, compiled by the rules of its package.json and these options. */
async function compile(type: 'commonjs' | 'module', options: Record<string, unknown>): Promise<string> {
  const place = await mkdtemp(join(folder, 'consumer-'));
  await writeFile(join(place, 'package.json'), JSON.stringify({ type }));
  await writeFile(join(place, 'index.ts'), consumer);
  const compilerOptions = { target: 'ES2023', strict: true, noEmit: true, types: [], ...options };
  await writeFile(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }));
  // The newer compiler is faster, and has no node10.
  const compiler = join(root, 'node_modules', options === node10 ? 'typescript' : 'typescript-7', 'bin', 'tsc');
  return run(process.execPath, [compiler, '-p', place]).then(
    () => 'compiles',
    (error: { stdout: string }) => error.stdout,
  );
}

test.each([
  ['commonjs', 'node16', { module: 'Node16' }],
  ['commonjs', 'nodenext', { module: 'NodeNext' }],
  ['commonjs', 'node10', node10],
  ['commonjs', 'bundler', { module: 'Preserve', moduleResolution: 'Bundler' }],
  ['module', 'node16', { module: 'Node16' }],
  ['module', 'nodenext', { module: 'NodeNext' }],
  ['module', 'bundler', { module: 'ESNext', moduleResolution: 'Bundler' }],
] as const)('has types for %s with %s', async (type, _name, options) => {
  expect(await compile(type, options)).toBe('compiles');
});

test.each([
  ['require', ['-e', "const { Recado } = require('@recado/client'); console.log(typeof Recado)"]],
  ['import', ['--input-type=module', '-e', "import { Recado } from '@recado/client'; console.log(typeof Recado)"]],
])('runs by %s', async (_name, args) => {
  // As the oldest Node.js does it: require() of an ES module would hide that there is no other build.
  const flags = process.allowedNodeEnvironmentFlags.has('--no-experimental-require-module')
    ? ['--no-experimental-require-module']
    : [];
  const { stdout } = await run(process.execPath, [...flags, ...args], { cwd: folder });
  expect(stdout.trim()).toBe('function');
});

test('has what a registry shows, and nothing else', async () => {
  expect(packed).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/cjs/package.json']));
  expect(
    packed.filter(path => !/^(LICENSE|README\.md|package\.json|dist\/.*(\.js|\.d\.ts|package\.json))$/.test(path)),
  ).toEqual([]);
  const [ours, project] = await Promise.all(['sdk/LICENSE', 'LICENSE'].map(name => readFile(join(root, name), 'utf8')));
  expect(ours).toBe(project);
});
