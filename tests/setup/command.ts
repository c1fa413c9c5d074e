// Runs commands as an operator does: in their own process, with output and exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A running command. */
export interface Running {
  /** Resolves with its standard error so far, once `lines` lines match, or when it ends. */
  said(pattern: RegExp, lines?: number): Promise<string>;
  /** `kill`. */
  stop(): void;
  /** `kill -9`. */
  kill(): void;
  /** Resolves when the process has ended; processes that it started may still run. */
  over: Promise<unknown>;
  ended: Promise<Ended>;
}

/**
 * Runs `recado <words>` to its end, with only these settings as environment. `limit` is the largest file in blocks of
 * 512 bytes.
 */
export const runRecado = (env: Record<string, string>, words: string[], limit?: number): Promise<Ended> =>
  startRecado(env, words, limit).ended;

/** Starts `recado <words>` with only these settings as environment. */
export function startRecado(env: Record<string, string>, words: string[], limit?: number): Running {
  const bin = join(root, 'cli/bin/recado.mjs');
  // The shell becomes the command, so its process id is the command's.
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
  // A database started by the command may outlive it and keep its pipes open.
  const over = once(child, 'exit');
  const ended = once(child, 'close').then(async () => {
    const [code] = await over;
    return { code, out, err };
  });
  const fits = (pattern: RegExp, lines: number) => err.split('\n').filter(line => pattern.test(line)).length >= lines;
  return {
    async said(pattern, lines = 1) {
      while (!fits(pattern, lines) && child.exitCode === null && child.signalCode === null)
        await Promise.race([once(child.stderr, 'data'), over]);
      return err;
    },
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    over,
    ended,
  };
}
