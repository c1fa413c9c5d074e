// Watches the replica of DATABASE_URL_READ: a list is read from it where it has all that was committed before.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { isUnavailable, openDatabase, type Replica, rejectPooler } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import { rejectSharing } from '../../kit/db/pooler.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import { reasonOf, StartError } from '../../kit/start-error.ts';
import { rejectStrongLogin } from './api-login.ts';
import { flushedBy, lastSigned, replayedBy } from './replica-store.ts';

export interface ReplicaWatch extends Replica {
  close(): Promise<void>;
}

/** How long a list waits for the replica, in milliseconds. One that is further behind is left alone until it has caught up. */
const catchUpMs = 100;
/** How often it is asked meanwhile. */
const pollMs = 2;
/** How often it is looked at without a list, and how long it may be silent then. */
const lookMs = 1_000;
/** For how long lists come from the primary before the log says so. */
const tellAfterMs = 5_000;
/** How many of the last positions measure how far it is behind: an hour of them. */
const mostMarks = 3_600;

export interface ReplicaNeeds {
  primary: pg.ClientConfig;
  connection: pg.ClientConfig;
  /** Whether its login may only be what request handlers are, as that of DATABASE_URL_API. */
  demandsWeakLogin: boolean;
  metrics: Pick<Metrics, 'replicaUp' | 'replicaLag' | 'listReads'>;
  log: Logger;
}

/**
 * Opens the watch. A replica that is away, behind or no replica any more serves nothing until that is over.
 * @throws StartError if it could never be used: a pooler drops our options, or its login may be too much
 */
export async function watchReplica({ primary, connection, demandsWeakLogin, metrics, log }: ReplicaNeeds) {
  const prove = async () => {
    await rejectPooler(connection);
    if (connection.throughPooler) await rejectSharing(connection);
    if (demandsWeakLogin) await rejectStrongLogin(connection, 'DATABASE_URL_READ');
  };
  let isProven = await prove().then(
    () => true,
    error => {
      if (error instanceof StartError) throw error;
      return false;
    },
  );
  const open = (to: pg.ClientConfig) =>
    openDatabase({ connection: to, role: 'recado_api', name: 'recado replica watch', max: 1, answerMs: lookMs }, log);
  const [there, here] = [open(connection), open(primary)];
  const flushed = together(() => flushedBy(here));
  const replayed = together(() => replayedBy(there));
  /** Why it serves nothing; undefined where it does. */
  let reason: string | undefined = 'no worker has signed since the start';
  let downSince: number | undefined = performance.now();
  let isTold = false;
  /** The last signature of a worker that was there already. A primary of before may have it too. */
  let oldSignature: number | undefined;
  let marks: { at: number; position: bigint }[] = [];
  let known = 0n;

  function judge(found: string | undefined): void {
    reason = found;
    metrics.replicaUp.set({ use: 'lists' }, found === undefined ? 1 : 0);
    if (found === undefined) {
      if (isTold) log.warn('the replica answers lists again');
      isTold = false;
      downSince = undefined;
      return;
    }
    downSince ??= performance.now();
    if (isTold || performance.now() - downSince < tellAfterMs) return;
    isTold = true;
    log.warn({ reason: found }, 'the primary answers all lists: the replica is not usable');
  }

  /** Also after a failure of the primary: another server may answer next. */
  function giveUp(error: unknown): void {
    oldSignature = undefined;
    judge(reasonOf(error));
  }

  async function reaches(asked: Promise<bigint>): Promise<boolean> {
    let answer = replayed();
    // It is waited for below, unless the primary fails first.
    answer.catch(() => {});
    const position = await asked;
    const end = new AbortController();
    const late = delay(catchUpMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    try {
      for (;;) {
        const at = await Promise.race([answer, late]);
        if (at === undefined) return false;
        if (at > known) known = at;
        if (at >= position) return true;
        await delay(pollMs);
        answer = replayed();
      }
    } finally {
      end.abort();
    }
  }

  const behind = `it is more than ${catchUpMs} ms behind the primary`;

  async function look(): Promise<string | undefined> {
    if (!isProven) await prove();
    isProven = true;
    const signed = await lastSigned(here);
    oldSignature ??= signed;
    const asked = flushed();
    marks.push({ at: performance.now(), position: await asked });
    if (marks.length > mostMarks) marks.splice(1, 1);
    if (!(await reaches(asked))) return behind;
    if ((await lastSigned(there)) < signed) return 'it is no replica of this primary';
    return signed > oldSignature ? undefined : 'no worker has signed since it was found';
  }

  let stopped = false;
  let isLooking = false;
  let timer: NodeJS.Timeout | undefined;
  /** After how long one that was behind is looked at again: soon, then less often. */
  let againMs = catchUpMs;
  let current = Promise.resolve();
  function lookIn(ms: number): void {
    clearTimeout(timer);
    if (!stopped && !isLooking) timer = setTimeout(next, ms).unref();
  }
  function next(): void {
    isLooking = true;
    current = look()
      .then(judge, giveUp)
      .then(() => {
        marks = marks.filter(({ position }) => position > known);
        const [first] = marks;
        metrics.replicaLag.set({ use: 'lists' }, first ? (performance.now() - first.at) / 1_000 : 0);
        isLooking = false;
        againMs = reason === behind ? Math.min(2 * againMs, lookMs) : catchUpMs;
        lookIn(reason === behind ? againMs : lookMs);
      });
  }
  judge(reason);
  next();

  const watch: ReplicaWatch = {
    connection,
    async isCurrent() {
      if (reason !== undefined) return false;
      try {
        if (await reaches(flushed())) return true;
        judge(behind);
        lookIn(againMs);
      } catch (error) {
        giveUp(error);
      }
      return false;
    },
    answered(by, error) {
      metrics.listReads.inc({ server: by });
      if (isUnavailable(error)) giveUp(error);
    },
    async close() {
      stopped = true;
      clearTimeout(timer);
      await current;
      await Promise.all([there.close(), here.close()]);
    },
  };
  return watch;
}

/** One question at a time. Who asks while one is under way gets the answer of the next, which begins after that. */
function together<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  const asked = groupCommit<undefined, Answer>({
    async write(askers) {
      const answer = await ask();
      return askers.map(() => answer);
    },
    uncertain: () => false,
    max: Number.POSITIVE_INFINITY,
    inFlight: 1,
  });
  return () => asked.add(undefined);
}
