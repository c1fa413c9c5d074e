// The package as it is published: alone in a folder, in each runtime that this machine has.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let place = '';
let client = '';

beforeAll(() => {
  expect(spawnSync('npm', ['run', 'build'], { cwd: root }).status).toBe(0);
  place = mkdtempSync(join(tmpdir(), 'recado-client-'));
  client = join(place, 'node_modules/@recado/client');
  mkdirSync(client, { recursive: true });
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', place], {
    cwd: join(root, 'sdk'),
    encoding: 'utf8',
  });
  expect(packed.stderr).toBe('');
  const file = join(place, packed.stdout.trim());
  expect(spawnSync('tar', ['-xzf', file, '-C', client, '--strip-components=1']).status).toBe(0);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const filesOf = () => readdirSync(client, { recursive: true, encoding: 'utf8' }).filter(name => /\.\w+$/.test(name));

test('it has code, types and a page, and needs no other package', () => {
  const files = filesOf();
  expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
  expect(
    files.filter(name => !/^(package\.json|README\.md|dist\/cjs\/package\.json|dist\/.*\.(js|d\.ts))$/.test(name)),
  ).toEqual([]);
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
  expect([dependencies, peerDependencies]).toEqual([undefined, undefined]);
  for (const name of files.filter(each => each.startsWith('dist/')))
    for (const [, from = ''] of readFileSync(join(client, name), 'utf8').matchAll(
      /(?<![.'])(?:from|import)\s*\(?'([^']+)'/g,
    ))
      expect(from, name).toMatch(name.endsWith('.js') ? /^\.\.?\/.*\.js$/ : /^\.\.?\//);
});

test('it runs alone in Node.js', () => {
  const script = join(place, 'try.mjs');
  writeFileSync(
    script,
    `import { Recado, RecadoError, verifyWebhook } from '@recado/client';
const recado = new Recado({
  url: 'http://recado.test',
  fetch: async () => new Response(JSON.stringify({ data: [{ id: 'acc_1' }], page: { next_cursor: null } })),
});
const [account] = await recado.accounts.list().toArray();
const code = await verifyWebhook('{}', {}, 'whsec_aGVsbG8=').catch(error => error instanceof RecadoError && error.code);
console.log(account.id, code);
`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: place, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['acc_1 headers_missing\n', '']);
});

/** The programs of the package's page, each as a function. */
function programsOfPage(): string {
  const page = readFileSync(join(client, 'README.md'), 'utf8');
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThan(4);
  const programs = blocks.map(block => block.replace(/^import .*\n/gm, ''));
  return `import { Recado } from '@recado/client';
declare const process: { env: { RECADO_KEY?: string } };
declare const recado: Recado;
declare const id: string;
declare const session: { csrf_token: string };
declare function readFile(name: string): Promise<Uint8Array<ArrayBuffer>>;
declare function refresh(sentAt: Date): Promise<boolean>;
${programs.map((program, number) => `export async function program${number}() {\n${program}}\n`).join('')}`;
}

test('its types, and the programs of its page, hold in a strict program that knows nothing of Node.js', () => {
  writeFileSync(
    join(place, 'try.ts'),
    `import { Recado, type RecadoEvent } from '@recado/client';
const recado = new Recado({ url: 'http://recado.test' });
export async function read(event: RecadoEvent): Promise<string> {
  if (event.type === 'message.received') return event.data.message.text?.body ?? '';
  if (event.type === 'template.updated') return event.data.name;
  // @ts-expect-error no event of other types has a name
  event.data.name;
  // @ts-expect-error a text needs its body
  await recado.messages.send({ account_id: 'acc_1', to: '+12025550123', type: 'text', text: {} });
  // @ts-expect-error no such type of event
  await recado.events.list({ types: ['message.sunk'] });
  const list = recado.messages.list({ status: ['failed'], from: new Date(), reference: undefined });
  for await (const { id } of list) return id;
  return '';
}
`,
  );
  writeFileSync(join(place, 'page.ts'), programsOfPage());
  const options = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--module', 'nodenext'];
  const libraries = ['--target', 'es2022', '--lib', 'es2022,dom,dom.asynciterable'];
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...libraries, 'try.ts', 'page.ts'],
    { cwd: place, encoding: 'utf8' },
  );
  expect(stdout).toBe('');
});
