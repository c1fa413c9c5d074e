// The first steps: the README's program with the client as it stands, and the demo command, against the real program.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { owner, type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

const root = resolve(import.meta.dirname, '../..');
let scenario: Scenario;
let place = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'recado-guides-'));
  mkdirSync(join(place, 'node_modules/@recado'), { recursive: true });
  symlinkSync(join(root, 'sdk'), join(place, 'node_modules/@recado/client'));
  scenario = await startScenario({ delays: { slow: 2_000 } });
});

afterAll(async () => {
  await scenario.close();
  rmSync(place, { recursive: true, force: true });
});

/** The output of a program, which must end well. */
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
  const [, program = ''] = /^```js\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
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

test('the demo waits for the end of a call whose receipts come first', async () => {
  const rule = await fetch(`${scenario.simulator.url}/script/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault: 'slow-answer', times: 1 }),
  });
  expect(rule.status).toBe(201);
  const env = {
    ...process.env,
    RECADO_URL: `http://127.0.0.1:${portOf(scenario)}`,
    SIMULATOR_URL: scenario.simulator.url,
    RECADO_OWNER_EMAIL: owner.email,
    RECADO_OWNER_PASSWORD: owner.password,
  };
  const said = await outputOf(spawn(process.execPath, [join(root, 'cli/bin/recado.mjs'), 'demo'], { cwd: place, env }));
  expect(said).toContain('is read: called once, accepted once');
  expect(said).toContain('Every step succeeded.');
});
