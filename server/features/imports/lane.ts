// The lane of imports: checks the rows of a file, runs an import and undoes one, each in pieces that a crash only repeats.
import type { ImportState } from '@recado/contract';
import type { Job, LaneKind } from '../../engine/lane.ts';
import { type Database, type Queryable, reasonToWait } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { countriesIn, readerFor } from './checked-rows.ts';
import { problem } from './errors.ts';
import { rowsOf } from './file.ts';
import { factsOf, type ImportRowOfTable } from './import.ts';
import { brokenRow, type ReadRow } from './read-row.ts';
import { mendedCells, removeRows, removeSomeRows, storeRows } from './row-store.ts';
import * as store from './store.ts';

export interface ImportLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  /** The name of this process. */
  runner: string;
}

/** The rows of one transaction. */
const rowsAtOnce = 1_000;
/** How many ranges of rows run at the same time: two keep two cores of the database busy. */
const sideBySide = 2;
const tellEveryMs = 1_000;
/** A job that advanced within this time may go on, in milliseconds. */
const patienceMs = 60_000;

export interface ImportLane extends LaneKind {
  /** Ends the work after the piece under way. */
  stopSoon(): void;
}

/** Another process works on the import now, or somebody cancelled or changed it. */
const lost = Symbol('lost');

export function importLane({ db, clock, log, runner }: ImportLaneNeeds): ImportLane {
  let stopping = false;

  /** Returns the function that tells how far an import is, at most once in a second. */
  function progress(id: string) {
    let told = clock.elapsed();
    return async (tx: Queryable): Promise<void> => {
      if (clock.elapsed() - told < tellEveryMs) return;
      told = clock.elapsed();
      await store.tell(tx, id, 'import.progress');
    };
  }

  async function check(row: ImportRowOfTable, advanced: () => void): Promise<void> {
    const { id, workspace_id: workspaceId, version } = row;
    const tellProgress = progress(id);
    const held = async (tx: Queryable): Promise<ImportRowOfTable> => {
      const mine = await store.holdImport(tx, id, { runner, version, state: 'checking' });
      if (!mine) throw lost;
      if (!mine.stored) throw problem('import_file_gone');
      return mine;
    };
    if (row.place === 0)
      await db.transaction(async tx => {
        await held(tx);
        await removeRows(tx, id, { mended: false });
      });
    const mended = await mendedCells(db, id);
    const { read, labels } = await readerFor(db, row, { countries: await countriesIn(db, row) });
    const facts = factsOf(row);
    let [waiting, place, isFirst]: [ReadRow[], number, boolean] = [[], row.place, facts.header];
    const flush = async () => {
      if (waiting.length === 0) return;
      const rows = waiting;
      waiting = [];
      place = rows.at(-1)?.number ?? place;
      await db.transaction(async tx => {
        await held(tx);
        await storeRows(tx, workspaceId, id, rows);
        await store.advanceCheck(tx, id, { place, rows: rows.length }, clock.sqlNow());
        await tellProgress(tx);
      });
      advanced();
    };
    for await (const rows of rowsOf(db, id, facts))
      for (const given of rows) {
        const { number, cells, fault } = given;
        if (isFirst) {
          isFirst = false;
          continue;
        }
        const own = mended.get(number);
        // All are read, also those that are stored already: the labels of the file are theirs.
        const result = fault && !own ? brokenRow(given, fault) : read(own ?? cells, number);
        if (number <= row.place) continue;
        waiting.push(own ? { ...result, mended: true, cells: own } : result);
        if (waiting.length < rowsAtOnce) continue;
        await flush();
        if (stopping) return;
      }
    await flush();
    await db.transaction(async tx => {
      await held(tx);
      await store.recount(tx, id);
      await store.endCheck(tx, id, { labels: labels.used(), newLabels: labels.fresh() }, clock.sqlNow());
      await store.tell(tx, id, 'import.checked');
    });
  }

  /** Runs an import to its end: ranges of rows, a few side by side, which a crash only repeats. */
  async function run(row: ImportRowOfTable, advanced: () => void): Promise<void> {
    const { id } = row;
    const tellProgress = progress(id);
    const { last, done: doneBefore } = await store.extentOf(db, id);
    let [next, done, isOver] = [row.place, doneBefore, false];
    const open = new Set<number>();
    const step = async (after: number) => {
      const range = { id, runner, after, until: after + rowsAtOnce };
      const now = clock.sqlNow();
      if (!(await db.transaction(tx => store.optOutKnown(tx, range, now)))) throw lost;
      const rows = await db.transaction(tx => store.runRows(tx, range, now));
      if (rows === undefined) throw lost;
      done += rows;
      open.delete(after);
      const place = Math.min(next, ...open);
      const isOurs = await db.transaction(async tx => {
        const ours = await store.advanceRun(tx, { id, runner, place, done }, clock.sqlNow());
        if (ours) await tellProgress(tx);
        return ours;
      });
      if (!isOurs) throw lost;
      advanced();
    };
    const walk = async () => {
      while (!stopping && !isOver && next < last) {
        const after = next;
        next += rowsAtOnce;
        open.add(after);
        await step(after).catch(error => {
          isOver = true;
          throw error;
        });
      }
    };
    const walks = await Promise.allSettled(Array.from({ length: sideBySide }, walk));
    for (const each of walks) if (each.status === 'rejected') throw each.reason;
    if (!stopping) await end(row, 'finished');
  }

  async function undo(row: ImportRowOfTable, advanced: () => void): Promise<void> {
    const { id } = row;
    const tellProgress = progress(id);
    while (!stopping) {
      const isLeft = await db.transaction(async tx => {
        const done = await store.undoRows(tx, { id, runner, most: rowsAtOnce }, clock.sqlNow());
        if (done === undefined) throw lost;
        if (done >= 0) await tellProgress(tx);
        return done >= 0;
      });
      advanced();
      if (!isLeft) return end(row, 'undone');
    }
  }

  const end = (row: ImportRowOfTable, state: 'finished' | 'undone'): Promise<void> =>
    db.transaction(async tx => {
      const { id, version } = row;
      if (!(await store.holdImport(tx, id, { runner, version, state: row.state as ImportState }))) throw lost;
      await store.recount(tx, id);
      await store.endImport(tx, id, state, clock.sqlNow());
      await store.tell(tx, id, `import.${state}`);
    });

  /** Ends an import that cannot go on. A trouble of the moment is tried again. */
  async function fail(row: ImportRowOfTable, error: unknown): Promise<void> {
    if (error === lost) return;
    if (!(error instanceof AppError) && reasonToWait(error) !== undefined) throw error;
    const told =
      error instanceof AppError
        ? { code: error.code, message: error.detail }
        : { code: 'internal_error', message: 'An error of the server. The log of the server has details.' };
    if (!(error instanceof AppError)) log.error({ err: error, import: row.id }, 'an import failed');
    await db.transaction(async tx => {
      const state = row.state as ImportState;
      if (!(await store.holdImport(tx, row.id, { runner, version: row.version, state }))) return;
      await store.recount(tx, row.id);
      await store.endImport(tx, row.id, 'failed', clock.sqlNow(), told);
      await store.tell(tx, row.id, 'import.failed');
    });
  }

  const works = { checking: check, running: run, undoing: undo };

  const jobOf = (id: string): Job => {
    let advancedAt = clock.elapsed();
    const advanced = () => {
      advancedAt = clock.elapsed();
    };
    return {
      async run() {
        const row = stopping ? undefined : await store.claimImport(db, id, runner, clock.sqlNow());
        if (!row) return undefined;
        try {
          await works[row.state as keyof typeof works](row, advanced);
        } catch (error) {
          await fail(row, error);
        } finally {
          await store.releaseImport(db, id, runner);
        }
        return undefined;
      },
      moreMs: () => Math.max(0, advancedAt + patienceMs - clock.elapsed()),
      release: async () => {},
    };
  };

  return {
    kind: 'import',
    concurrency: 1,
    claim: async id => ({ jobs: [jobOf(id)], waitMs: undefined, more: false }),
    due: () => store.dueImports(db, clock.sqlNow()),
    stopSoon() {
      stopping = true;
    },
  };
}

/** Returns the task that deletes rows and files 7 days after an import; it returns whether more are left. */
export const deleteExpiredImports =
  (db: Database, clock: Clock): (() => Promise<boolean>) =>
  () =>
    db.transaction(async tx => {
      const now = new Date(clock.now());
      const id = await store.lockExpired(tx, now);
      if (id === undefined) return false;
      if (!(await removeSomeRows(tx, id, 10 * rowsAtOnce))) await store.expireImport(tx, id, now);
      return true;
    });
