// The fetch lane: gets the files that came with messages from their channels, checks them, and keeps them.
import type { Readable } from 'node:stream';
import type { Database, Queryable } from '../../kit/db.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { Job, LaneKind } from '../../lanes/lane.ts';
import type { Channel } from '../../ports/channel.ts';
import {
  type ClaimedFile,
  claimFiles,
  dueFetchLanes,
  type FetchResult,
  giveUpOfDeleted,
  handBackFile,
  recordFetch,
} from './fetch-store.ts';

const minute = 60_000;
/** How long after each try the next one follows, in milliseconds: eight tries within a day. */
const pauses = [10_000, minute, 5 * minute, 20 * minute, 60 * minute, 4 * 60 * minute, 18 * 60 * minute];
const mostTries = pauses.length + 1;
/** Files of one account that are fetched at once, by all workers together. */
const places = 4;
const deadlineMs = 150_000;
/** Ends after the deadline, and before the engine takes the job's place away. */
const leaseSeconds = 170;

export interface FetchLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  channels: Record<string, Channel>;
  /**
   * Keeps a stream as a content of the workspace, and calls `record` in the transaction that makes it one.
   * @throws KeepError where the content is not what was promised, or cannot be kept now
   */
  keep: KeepReceived;
  /** How many bytes a file of this kind may have. */
  limitOf: (kind: string) => number;
}

export type KeepReceived = (
  content: Readable,
  file: {
    workspaceId: string;
    maxBytes: number;
    declaredType: string | undefined;
    fileName: string | undefined;
    /** What it has to be, where that is known: hexadecimal, and in bytes. */
    sha256: string | undefined;
    size: number | undefined;
    signal: AbortSignal;
  },
  record: (tx: Queryable, kept: { sha256: string; size: number; mimeType: string }) => Promise<void>,
) => Promise<void>;
