// The process of a scheduled backup or proof: told what to do by the server, and ended with it.
import { setPriority } from 'node:os';
import type { BackupAnswer, BackupOrder } from '../app/backup-process.ts';
import { joinFoundation } from '../app/database/open.ts';
import { version } from '../app/version.ts';
import type { RunResult } from '../features/backups/index.ts';
import { StartError } from '../kit/start-error.ts';
import { backUp } from './backup.ts';
import { CommandError } from './command-error.ts';
import { openUsedStores } from './media.ts';
import { prove } from './prove.ts';
import { backedUpResult, provenResult } from './run-result.ts';

const stopping = new AbortController();
const answer = (given: BackupAnswer) => process.send?.(given);
const log = { info: () => {}, warn: (warning: string) => void answer({ warning }) };

// Files hold messages and phone numbers: nobody else on this machine reads them.
process.umask(0o077);
// Messages come first.
setPriority(10);
// The server ended, or wants us to.
process.once('disconnect', () => stopping.abort());
process.once('message', (order: BackupOrder) => {
  void perform(order)
    .catch((error: unknown) => ({ error: sentenceOf(error) }))
    .then(result => {
      if (!process.connected) process.exit();
      process.send?.({ result } satisfies BackupAnswer, () => process.exit());
    });
});

async function perform({ kind, file, config }: BackupOrder): Promise<RunResult> {
  const foundation = await joinFoundation(config, log, stopping.signal);
  const quiet = { say: () => {}, progress: () => ({ onRows: () => {}, onContent: () => {} }), signal: stopping.signal };
  try {
    if (kind === 'proof')
      return provenResult(await prove({ ...foundation, ...quiet, path: file, dataDir: config.dataDir, log }));
    const began = performance.now();
    const stores = config.backups?.media ? await openUsedStores(config, foundation) : undefined;
    const made = await backUp({
      ...foundation,
      ...quiet,
      version,
      path: file,
      dataDir: config.databaseUrl ? undefined : config.dataDir,
      stores,
      tell: line => void (line.startsWith('not whole') && log.warn(line)),
    }).finally(() => stores?.close());
    return backedUpResult(made, performance.now() - began);
  } finally {
    await foundation.close();
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
