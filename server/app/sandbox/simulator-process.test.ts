// A simulator that hangs or stops listening does not take the server down.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../../kit/log.ts';
import { sandboxSecrets, startSimulatorProcess } from './simulator-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-simulator-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(words: string, patience: { startMs?: number; stopMs?: number } = {}) {
  const program = join(folder, 'simulator.mjs');
  await writeFile(program, `setInterval(() => {}, 1_000);\n${words}`);
  const place = { port: 1, ours: 2, dataDir: folder, window: true, limits: true };
  return startSimulatorProcess(place, sandboxSecrets('a key'), openLog('silent'), { program, ...patience });
}
const listens = `process.send({ type: 'listening', url: 'http://127.0.0.1:1' });`;

test('one that does not end when it is told to is ended', async () => {
  const simulator = await start(`process.on('SIGTERM', () => {}); ${listens}`, { stopMs: 10 });
  await simulator.stop();
});

test('one that never says where it listens ends the start', async () => {
  await expect(start('', { startMs: 10 })).rejects.toThrow(
    /^The simulator did not start: it was silent for 0.01 seconds/,
  );
});

test('one that cannot be told anything any more is no error of ours', async () => {
  const closed = join(folder, 'closed');
  const simulator = await start(`
    import { writeFileSync } from 'node:fs';
    ${listens}
    process.disconnect();
    writeFileSync(${JSON.stringify(closed)}, '');`);
  await expect.poll(() => existsSync(closed)).toBe(true);
  simulator.setCallback('http://127.0.0.1:3000');
  await simulator.stop();
});
