// The table backup_run.
import { isAlive } from '../../engine/worker-store.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';

export type RunKind = 'backup' | 'proof';

/** A backup that was made, or a proof of one. */
export interface Run {
  id: string;
  kind: RunKind;
  cause: 'schedule' | 'command';
  state: 'running' | 'done' | 'failed';
  file: string;
  /** When the content of the backup was. */
  taken_at: Date | null;
  bytes: number | null;
  rows: number | null;
  messages: number | null;
  /** Contents of media that are in the backup, and those that should be and are not. */
  contents: number | null;
  missed: number | null;
  duration_ms: number | null;
  error: string | null;
  began_at: Date;
  ended_at: Date | null;
}

/** What is known at the end of a run. */
export interface RunResult {
  taken_at?: string;
  bytes?: number;
  rows?: number;
  messages?: number;
  contents?: number;
  missed?: number;
  duration_ms?: number;
  /** Why it failed; absent where it did not. */
  error?: string;
}

const columns = sql`id, kind, cause, state, file, taken_at, bytes, rows, messages, contents, missed, duration_ms, error,
  began_at, ended_at`;

/** Of each kind the newest run that succeeded, and the newest that is over; undefined where there is none. */
export type LastRuns = Record<RunKind, { good: Run | undefined; last: Run | undefined }>;

// By their ids, which grow: clocks of two machines may differ.
/** The last backup and the last proof, for the self-check, the metrics and alerts. */
export async function lastRuns(db: Queryable): Promise<LastRuns> {
  const rows = await db.query<Run>(sql`select ${columns} from (
      select distinct on (kind, state) * from backup_run where state <> 'running' order by kind, state, id desc) r
    order by id desc`);
  const of = (kind: RunKind) => {
    const mine = rows.filter(row => row.kind === kind);
    return { good: mine.find(({ state }) => state === 'done'), last: mine[0] };
  };
  return { backup: of('backup'), proof: of('proof') };
}

/** Records a run of a command, which is over. */
export async function insertRun(
  db: Queryable,
  kind: RunKind,
  file: string,
  began: Date,
  result: RunResult,
): Promise<void> {
  const id = newUuid();
  await db.query(sql`insert into backup_run (id, kind, cause, state, file, began_at, ended_at)
    values (${id}, ${kind}, 'command', 'done', ${file}, ${began}, ${began})`);
  await endRun(db, id, new Date(), result);
}

/** Which earlier runs of the schedule a new one would repeat. */
export interface Repeats {
  /** One that was done, or is under way, and began at this time or later. */
  since: Date;
  /** One that failed, and began at this time or later. */
  failedSince: Date;
}

/** Begins a run of the schedule. Undefined where another is under way, or where it would repeat one. */
export async function beginRun(
  db: Queryable,
  run: { kind: RunKind; file: string; runner: string; now: Date },
  { since, failedSince }: Repeats,
): Promise<string | undefined> {
  const { kind, file, runner, now } = run;
  const rows = await db.query<{
    id: string;
  }>(sql`insert into backup_run (id, kind, cause, state, file, began_at, runner)
    select ${newUuid()}, ${kind}, 'schedule', 'running', ${file}, ${now}::timestamptz, ${runner}
    where not exists (select 1 from backup_run where kind = ${kind} and cause = 'schedule' and began_at
      >= case state when 'failed' then ${failedSince}::timestamptz else ${since}::timestamptz end)
    on conflict do nothing returning id`);
  return rows[0]?.id;
}

/** The newest whole backup of the schedule. */
export async function lastScheduled(db: Queryable): Promise<Run | undefined> {
  const [row] = await db.query<Run>(sql`select ${columns} from backup_run
    where kind = 'backup' and cause = 'schedule' and state = 'done' order by id desc limit 1`);
  return row;
}

/** Forgets a run that was stopped with the program, so that it is due again. */
export async function dropRun(db: Queryable, id: string): Promise<void> {
  await db.query(sql`delete from backup_run where id = ${id}`);
}

export async function endRun(db: Queryable, id: string, now: Date, result: RunResult): Promise<void> {
  const { taken_at, bytes, rows, messages, contents, missed, duration_ms, error } = result;
  await db.query(sql`update backup_run set state = ${error === undefined ? 'done' : 'failed'}, ended_at = ${now},
      taken_at = ${taken_at ?? null}, bytes = ${bytes ?? null}, rows = ${rows ?? null},
      messages = ${messages ?? null}, contents = ${contents ?? null}, missed = ${missed ?? null},
      duration_ms = ${duration_ms ?? null}, error = ${error ?? null}
    where id = ${id} and (state = 'running' or cause = 'command')`);
}

/** Ends the run whose worker died. Returns its file. */
export async function endLostRuns(db: Queryable, now: Date): Promise<{ file: string }[]> {
  return db.query<{ file: string }>(sql`update backup_run set state = 'failed', ended_at = ${now},
      error = 'The worker that did it ended.'
    where state = 'running' and not exists (select 1 from worker where id = runner and ${isAlive}) returning file`);
}

/** Deletes runs from before this time, but never the last of what was good. */
export async function deleteOldRuns(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from backup_run where began_at < ${before} and id not in (
    select distinct on (kind) id from backup_run where state = 'done' order by kind, id desc)`);
}
