// The pages that show the client: their programs run as they stand, against the real program.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';
import { portOf } from '../setup/socket.ts';

const root = resolve(import.meta.dirname, '../..');
let scenario: Scenario;
let place = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'recado-guides-'));
  mkdirSync(join(place, 'node_modules/@recado'), { recursive: true });
  symlinkSync(join(root, 'sdk'), join(place, 'node_modules/@recado/client'));
  scenario = await openWorkspace();
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
  expect(program.split('\n').filter(line => line !== '')).toHaveLength(10);
  const script = program.replace('http://127.0.0.1:3000', `http://127.0.0.1:${portOf(scenario)}`);
  expect(script).not.toBe(program);
  writeFileSync(join(place, 'first.mjs'), script);
  const env = { ...process.env, TOKEN: await scenario.token() };
  const said = await outputOf(spawn(process.execPath, ['first.mjs'], { cwd: place, env }));
  const types = said.trim().split('\n');
  expect(types).toEqual(expect.arrayContaining(['message.queued', 'message.sending', 'message.sent', 'message.read']));
  expect(types.at(-1)).toBe('message.read');
});
