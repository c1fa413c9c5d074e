// The fetch lane: downloads inbound files from their channels, checks and stores them.
import { pipeline, Transform } from 'node:stream';
import type { Job, LaneKind } from '../../../engine/lane.ts';
import { isStorageFull } from '../../../kit/db/database.ts';
import { AppError } from '../../../kit/errors.ts';
import type { Logger } from '../../../kit/log.ts';
import type { Metrics } from '../../../kit/metrics.ts';
import { type Channels, CredentialsError, type MediaFetch } from '../../../ports/channel.ts';
import { mostBytes } from '../files/kinds.ts';
import { adopt, giveUp, type HeldFile, type MediaService, storeSpooled } from '../files/store-file.ts';
import {
  type ClaimedFile,
  claimFiles,
  dueFetchLanes,
  type FetchResult,
  giveUpOfDeleted,
  holdFetch,
  recordFetch,
  releaseFile,
} from './fetch-store.ts';

export interface FetchLaneNeeds {
  keep: MediaService;
  log: Logger;
  metrics: Pick<Metrics, 'fetches'>;
  channels: Channels;
  /** Returns 0 to 1, for the jitter of pauses. */
  random: () => number;
  /** Whether fetching must pause because the disk is full. */
  holdsBack: () => boolean;
}

const minute = 60_000;
/** The longest pause after each try, in milliseconds: eight tries within a day. */
const pauses = [10_000, minute, 5 * minute, 20 * minute, 60 * minute, 4 * 60 * minute, 18 * 60 * minute];
const mostAttempts = pauses.length + 1;
/** The slots of one account: files fetched at once by all workers together. */
const places = 4;
/** How much of a pause jitter may remove, so that files that collided do not collide again. */
const spread = 0.2;
/** The deadline of a download: this minimum, or a second for each so many bytes. */
const leastDeadlineMs = 140_000;
const slowestBytesASecond = 64 * 1024;
const deadlineOf = (size: number) => Math.max(leastDeadlineMs, minute + (1_000 * size) / slowestBytesASecond);
/** A lease outlives the deadline by this; the engine waits slightly longer still. */
const keepMs = 35_000;
const leaseSeconds = (leastDeadlineMs + keepMs) / 1_000;
const heldBackMs = 10_000;

type Trouble = { code: string; title: string };
type Again = Trouble & { waitMs?: number; mayBeGone?: true };
type Fetched = { kept: HeldFile } | FetchResult | { again: Again };

/** Returns the fetch lane. A failing file blocks neither its message nor other files. */
export function fetchLane(needs: FetchLaneNeeds): LaneKind {
  const { keep, channels, log } = needs;
  const { engineDb: db, clock } = keep;

  async function fetchOne(accountId: string, file: ClaimedFile, takesMore: (ms: number) => void): Promise<Fetched> {
    // A file that kills the process each time must not do so forever.
    if (file.attempts > mostAttempts)
      return {
        status: 'failed',
        code: 'tries_used_up',
        title: 'The file could not be fetched; there are no tries left.',
      };
    const channel = await channels.of({ accountId, channel: file.channel });
    const limit = mostBytes(keep.limits[file.kind]);
    const found = await channel.fetchMedia(file.channel_media_id);
    if (found.class === 'try_again') return { again: found };
    if (found.class !== 'found')
      return { status: found.class === 'gone' ? 'expired' : 'failed', code: found.code, title: found.title };
    const wrong = wrongOf(found, file, limit);
    if (wrong) {
      found.stream.on('error', () => {}).destroy();
      return wrong;
    }
    const deadlineMs = deadlineOf(found.size);
    if (deadlineMs > leastDeadlineMs) {
      takesMore(deadlineMs - leastDeadlineMs);
      const lease = { leaseSeconds: (deadlineMs + keepMs) / 1_000, pauseMs: pauses[file.attempts - 1] ?? 0 };
      try {
        await holdFetch(db, file, lease, clock.sqlNow());
      } catch (error) {
        found.stream.on('error', () => {}).destroy();
        throw error;
      }
    }
    return take(file, found, limit);
  }

  async function take(file: ClaimedFile, found: Found, limit: number): Promise<Fetched> {
    const spooled = await keep.spool.take(withDeadline(found), limit);
    try {
      const expected = file.expected_sha256 ?? found.sha256;
      if (spooled.size !== (file.expected_size ?? found.size))
        return { again: { code: 'size_mismatch', title: "The file's size differs from the channel's." } };
      if (expected !== undefined && spooled.sha256 !== expected)
        return { again: { code: 'hash_mismatch', title: "The file's hash differs from the channel's." } };
      const kept = await storeSpooled(
        keep,
        {
          workspaceId: file.workspace_id,
          fileName: file.file_name ?? undefined,
          declaredType: file.declared_type ?? found.mimeType,
          limitBytes: limit,
          kind: file.kind,
        },
        spooled,
      );
      return { kept };
    } finally {
      await spooled.remove();
    }
  }

  /** Passes the bytes on, and fails after the deadline. */
  function withDeadline({ stream, size }: Found): Transform {
    const passed = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
    const cancel = clock.after(deadlineOf(size), () => passed.destroy(new Error('The file did not arrive in time.')));
    // The reader gets the error.
    pipeline(stream, passed, () => cancel());
    return passed;
  }

  async function finish(file: ClaimedFile, fetched: Fetched): Promise<number | undefined> {
    if ('kept' in fetched) {
      const isOurs = await db.transaction(async tx => {
        const isOurs = await recordFetch(tx, file, { status: 'stored', kept: fetched.kept }, clock.sqlNow());
        if (isOurs) await adopt(tx, fetched.kept);
        return isOurs;
      });
      // Another worker has stored it meanwhile, or the file was deleted.
      if (!isOurs) await giveUp(keep, fetched.kept);
      needs.metrics.fetches.inc({ outcome: 'stored' });
      return undefined;
    }
    const result = 'again' in fetched ? again(file, fetched.again, needs.random()) : fetched;
    if (result.status !== 'pending' && result.status !== 'stored')
      log.warn({ media: file.id, code: result.code }, "a message's file could not be fetched");
    await recordFetch(db, file, result, clock.sqlNow());
    needs.metrics.fetches.inc({ outcome: result.status === 'pending' ? 'again' : result.status });
    return result.status === 'pending' ? result.waitMs : undefined;
  }

  function job(accountId: string, file: ClaimedFile): Job {
    let moreMs = 0;
    const takesMore = (ms: number) => {
      moreMs = ms;
    };
    return {
      run: async () =>
        finish(
          file,
          await fetchOne(accountId, file, takesMore).catch(error => {
            const isForeseen = error instanceof AppError && error.cause === undefined;
            if (!isForeseen) log.warn({ err: error, media: file.id }, "a message's file was not fetched");
            return fromError(error);
          }),
        ),
      moreMs() {
        const more = moreMs;
        moreMs = 0;
        return more;
      },
      release: () => releaseFile(db, file, clock.sqlNow()),
    };
  }

  return {
    kind: 'fetch',
    concurrency: places,
    async claim(accountId, max) {
      if (needs.holdsBack()) return { jobs: [], waitMs: heldBackMs, more: false };
      const claim = await claimFiles(
        db.atomic,
        { accountId, max, places, routes: channels.routes, leaseSeconds, pauses },
        clock.sqlNow(),
      );
      return {
        jobs: claim.files.map(file => job(accountId, file)),
        waitMs: claim.waitMs,
        more: claim.more,
      };
    },
    due: () => dueFetchLanes(db, channels.routes, clock.sqlNow()),
    maintenance: [
      async () => {
        await giveUpOfDeleted(db);
        return [];
      },
    ],
  };
}

type Found = Extract<MediaFetch, { class: 'found' }>;

function wrongOf(found: Found, file: ClaimedFile, limit: number): Fetched | undefined {
  if (found.size > limit)
    return { status: 'failed', code: 'too_large', title: `The file has ${found.size} bytes; the limit is ${limit}.` };
  if (file.expected_size !== null && file.expected_size !== found.size)
    return { again: { code: 'size_mismatch', title: 'The channel now announces a different size.' } };
  return undefined;
}

function again(file: ClaimedFile, trouble: Again, random: number): FetchResult {
  const { code, title } = trouble;
  const pause = pauses[file.attempts - 1];
  if (pause === undefined) return { status: trouble.mayBeGone ? 'expired' : 'failed', code, title };
  return { status: 'pending', code, title, waitMs: Math.max(pause * (1 - spread * random), trouble.waitMs ?? 0) };
}

/** Translates errors of the stream, spool, store or database to the result of a try. */
function fromError(error: unknown): Fetched {
  if (error instanceof AppError) {
    const { code } = error;
    const title = error.message.slice(0, 500);
    const isForGood = code === 'media_too_large' || code === 'media_empty';
    return isForGood ? { status: 'failed', code: code.replace('media_', ''), title } : { again: { code, title } };
  }
  if (error instanceof CredentialsError) return { again: { code: 'credentials_unreadable', title: error.message } };
  if (isStorageFull(error)) return { again: { code: 'storage_full', title: 'There is no space for the file.' } };
  return { again: { code: 'broken_off', title: 'The file did not arrive completely.' } };
}
