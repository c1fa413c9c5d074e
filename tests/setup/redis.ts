// A Redis for tests, if installed. CI must have one.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../faults/processes.ts';

function find(): string | undefined {
  for (const name of ['redis-server', 'valkey-server'])
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  return undefined;
}

export const redisProgram = find();
if (!redisProgram && process.env.CI) throw new Error('redis-server was not found, and CI runs every test: install it');

/** Where wake-ups can go on this machine. */
export const wakeupTransports = redisProgram ? (['postgres', 'redis'] as const) : (['postgres'] as const);

export interface TestRedis {
  url: string;
  close(): Promise<void>;
}

/** Starts Redis without persistence on a free port of loopback. */
export async function startRedis(...options: string[]): Promise<TestRedis> {
  if (!redisProgram) throw new Error('redis-server was not found');
  const folder = mkdtempSync(join(tmpdir(), 'recado-redis-'));
  const port = await freePort();
  const child = spawn(
    redisProgram,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  for await (const piece of child.stdout) {
    said += piece;
    if (said.includes('Ready to accept connections')) break;
  }
  if (!said.includes('Ready to accept connections')) throw new Error(`redis-server did not start: ${said}`);
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
