// Runs a backup or a proof in a process of its own, which ends with ours, however ours ends: reading and restoring all rows
// would keep this process from its messages.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BackupWork, RunKind, RunResult } from '../features/backups/index.ts';
import type { Logger } from '../kit/log.ts';
import { packageRoot } from '../kit/os/package-root.ts';
import type { Config } from './config/config.ts';

/** What the process is told. */
export interface BackupOrder {
  kind: RunKind;
  file: string;
  config: Config;
}

/** What it answers: warnings, then the result. */
export type BackupAnswer = { warning: string } | { result: RunResult };

const program = join(packageRoot, 'dist/admin/backup-process.js');

/** Returns the work of the schedule. */
export const backupProcesses =
  (config: Config, log: Logger): BackupWork =>
  async (kind, file, signal) => {
    const child = fork(program, {
      // Not in our process group: a terminal's signal is for the server, which then ends this one.
      detached: true,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let result: RunResult | undefined;
    child.on('message', (answer: BackupAnswer) => {
      if ('warning' in answer) log.warn(answer.warning);
      else result = answer.result;
    });
    const failed = new Promise<RunResult>(resolve => {
      // A process that cannot be started has no exit.
      child.once('error', error => resolve({ error: `The process for it could not be started: ${error.message}` }));
    });
    // It removes what it began, and ends.
    const end = () => child.connected && child.disconnect();
    signal.addEventListener('abort', end, { once: true });
    const order: BackupOrder = { kind, file, config };
    // Without a callback, sending to a dead process would throw outside any handler.
    child.send(order, () => {});
    const ended = once(child, 'exit').then(([code, by]) => result ?? { error: `Its process ended (${by ?? code}).` });
    try {
      return await Promise.race([ended, failed]);
    } finally {
      signal.removeEventListener('abort', end);
    }
  };
