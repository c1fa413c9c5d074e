// The pages that show the client: their programs run as they stand, against the real program.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../faults/processes.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

const root = resolve(import.meta.dirname, '../..');
let scenario: Scenario;
let receiverPort = 0;
let place = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'recado-guides-'));
  mkdirSync(join(place, 'node_modules/@recado'), { recursive: true });
  symlinkSync(join(root, 'sdk'), join(place, 'node_modules/@recado/client'));
  receiverPort = await freePort();
  scenario = await startScenario({ env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiverPort}` } });
});

afterAll(async () => {
  await scenario.close();
  rmSync(place, { recursive: true, force: true });
});

/** The blocks of code of a page in a language. */
const blocksOf = (page: string, language: string) =>
  [
    ...readFileSync(join(root, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')),
  ].map(([, block = '']) => block);

/** What a program prints; it must end well. */
async function outputOf(program: ChildProcess): Promise<string> {
  let said = '';
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', data => {
      said += data;
    });
  const code = await new Promise(done => program.once('close', done));
  expect(code, said).toBe(0);
  return said;
}

test('the ten lines of the README send the first message', async () => {
  const [program = ''] = blocksOf('README.md', 'js');
  expect(program.split('\n').filter(line => line !== '').length).toBeLessThanOrEqual(10);
  const script = program.replace('http://127.0.0.1:3000', `http://127.0.0.1:${portOf(scenario)}`);
  expect(script).not.toBe(program);
  writeFileSync(join(place, 'first.mjs'), script);
  const env = { ...process.env, TOKEN: await scenario.token() };
  const said = await outputOf(spawn(process.execPath, ['first.mjs'], { cwd: place, env }));
  const types = said.trim().split('\n');
  expect(types).toEqual(expect.arrayContaining(['message.queued', 'message.sending', 'message.read']));
  expect(types.at(-1)).toBe('message.read');
});

test('the programs of the guide to events get the message by webhook, stream and poll', async () => {
  const blocks = blocksOf('docs/guides/events.md', 'sh');
  expect(blocks.length).toBeGreaterThan(6);
  const token = await scenario.token();
  const variables = {
    RECADO: `http://127.0.0.1:${portOf(scenario)}`,
    PHONES: `${scenario.simulator.url}/phones`,
    JSON: 'Content-Type: application/json',
    AUTH: `Authorization: Bearer ${token}`,
    TOKEN: token,
  };
  const script = blocks.join('\n').replaceAll('4000', String(receiverPort));
  const stop = `trap '[ -z "\${RECEIVER-}" ] || kill "$RECEIVER" 2>/dev/null || true' EXIT\n`;
  const said = await outputOf(
    spawn('bash', ['-euo', 'pipefail', '-c', stop + script], {
      cwd: place,
      env: { ...process.env, ...variables },
      timeout: 50_000,
    }),
  );
  expect(said).toContain('webhook message.received Is Thursday free?');
  expect(said).toContain('webhook endpoint.test');
  expect(said).toContain('delivery message.received ');
  expect(said).toMatch(/^page 2 (true|false)$/m);
  for (const way of ['stream', 'poll'])
    expect(said).toMatch(new RegExp(`^${way} message\\.received evt_\\w{26}$`, 'm'));
});
