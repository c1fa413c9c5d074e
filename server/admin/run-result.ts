// What is recorded of a backup or a proof, by the schedule and by the commands.
import type pg from 'pg';
import { insertRun, type RunKind, type RunResult } from '../features/backups/index.ts';
import { queryable } from '../kit/db/database.ts';
import { reasonOf } from '../kit/start-error.ts';
import type { BackedUp } from './backup.ts';
import type { BackupHeader } from './backup-header.ts';
import type { Proven } from './prove.ts';
import { withRecado } from './schema-store.ts';

const sizesOf = ({ created_at, tables }: BackupHeader) => ({
  taken_at: created_at,
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
  messages: tables.find(({ name }) => name === 'message')?.rows ?? 0,
});

export const backedUpResult = ({ header, bytes, contents, missed }: BackedUp, ms: number): RunResult => ({
  ...sizesOf(header),
  bytes,
  contents,
  missed,
  duration_ms: Math.round(ms),
});

/** A backup that another SECRET_KEY made can be restored, but not used here: that is a failure. */
export const provenResult = ({ header, ms, sameKey }: Proven): RunResult => ({
  ...sizesOf(header),
  duration_ms: ms,
  ...(!sameKey && { error: 'It can be restored, but it was made with another SECRET_KEY than the present one.' }),
});

/** Records a run of a command. The run counts, whether or not it can be recorded. */
export async function recordRun(
  connection: pg.ClientConfig,
  run: { kind: RunKind; file: string; began: Date; result: RunResult },
  tell: (line: string) => void,
): Promise<void> {
  const { kind, file, began, result } = run;
  try {
    await withRecado(connection, 'recado backup', client => insertRun(queryable(client), kind, file, began, result));
  } catch (error) {
    tell(`It could not be recorded, so alerts and the self-check do not know of it: ${reasonOf(error)}`);
  }
}
