// A round of the schedule: begins the backup or the proof that is due. One worker at a time does one.
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { audit } from '../../kit/audit.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { fileNameAt, isProofDue, repeatsOfBackup, type Schedule, timeOfName } from './schedule.ts';
import * as store from './store.ts';

/** Makes a backup in a file, or proves it; a failure is in the result. */
export type BackupWork = (kind: store.RunKind, file: string, signal: AbortSignal) => Promise<store.RunResult>;

export interface RoundNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  /** The name of this worker. */
  runner: string;
  schedule: Schedule;
  work: BackupWork;
  /** Aborts when the program stops. */
  signal: AbortSignal;
}

const dayMs = 86_400_000;

/** Begins what is due. The returned function does it. */
export async function backupRound(needs: RoundNeeds): Promise<(() => Promise<void>) | undefined> {
  const { db, clock, schedule, runner } = needs;
  const now = new Date(clock.now());
  for (const { file } of await store.endLostRuns(db, now)) await removeParts(file);
  const begun = { kind: 'backup' as const, file: join(schedule.folder, fileNameAt(now)), runner, now };
  const id = await store.beginRun(db, begun, repeatsOfBackup(schedule, now));
  if (id !== undefined) return () => oneRun(needs, id, begun);
  const backup = await store.lastScheduled(db);
  if (!backup || !isProofDue(schedule, backup, (await store.lastRuns(db)).proof.last, now)) return undefined;
  const proof = { kind: 'proof' as const, file: backup.file, runner, now };
  const proofId = await store.beginRun(db, proof, { since: backup.began_at, failedSince: backup.began_at });
  return proofId === undefined ? undefined : () => oneRun(needs, proofId, proof);
}

async function oneRun(needs: RoundNeeds, id: string, run: { kind: store.RunKind; file: string }): Promise<void> {
  const { db, clock, log, work, signal } = needs;
  const { kind, file } = run;
  const result = await work(kind, file, signal);
  if (signal.aborted) return store.dropRun(db, id);
  const { error, missed = 0, ...detail } = result;
  await db.transaction(async tx => {
    await store.endRun(tx, id, new Date(clock.now()), result);
    const action =
      kind === 'backup' ? (error ? 'backup.failed' : 'backup.created') : `backup.${error ? 'proof_failed' : 'proven'}`;
    await audit(tx, system, { action, detail: { file: basename(file), missed, ...detail, ...(error && { error }) } });
  });
  if (error !== undefined)
    log.error({ file, error }, kind === 'backup' ? 'the backup failed' : 'the proof of a backup failed');
  else log.info({ file, ...detail }, kind === 'backup' ? 'a backup was made' : 'a backup can be restored');
  // A backup that is not complete deletes no earlier one.
  if (kind === 'backup' && error === undefined && missed === 0) await removeOld(needs);
}

const system = {
  workspaceId: undefined,
  kind: 'system',
  id: undefined,
  address: undefined,
  requestId: undefined,
} as const;

/** Deletes backups past their days, but neither the newest nor the one that was proven last. */
async function removeOld({ db, clock, schedule: { folder, keepDays } }: RoundNeeds): Promise<void> {
  const before = new Date(clock.now() - keepDays * dayMs);
  const { backup, proof } = await store.lastRuns(db);
  const kept = [backup.good, proof.good].map(run => run && basename(run.file));
  for (const name of await readdir(folder)) {
    const made = timeOfName(name);
    if (made && made < before && !kept.includes(name)) await rm(join(folder, name), { force: true });
  }
}

/** Removes what a killed run left of a file. */
async function removeParts(file: string): Promise<void> {
  const names = await readdir(dirname(file)).catch(() => []);
  for (const name of names)
    if (name.startsWith(`.${basename(file)}.`) && name.endsWith('.part'))
      await rm(join(dirname(file), name), { force: true });
}
