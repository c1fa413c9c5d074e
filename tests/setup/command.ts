// The commands as an operator runs them: a process of its own, its words and its exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `recado <words>` with these settings and nothing else of our environment. `limit` is the largest file in blocks of 512 bytes. */
export async function runRecado(env: Record<string, string>, words: string[], limit?: number): Promise<Ended> {
  const bin = join(root, 'cli/bin/recado.mjs');
  const child = spawn(
    '/bin/sh',
    ['-c', `${limit === undefined ? '' : `ulimit -f ${limit}; `}exec "$@"`, 'sh', process.execPath, bin, ...words],
    {
      cwd: env.DATA_DIR ? join(env.DATA_DIR, '..') : '/',
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', piece => {
    out += piece;
  });
  child.stderr.on('data', piece => {
    err += piece;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}
