// A cast: the processes of one installation, under load, and the faults that can befall them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Client } from './client.ts';
import type { Random } from './random.ts';

/** What `--only` can ask for. */
export const faultKinds = ['postgres-stop', 'redis-flush'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  name: string;
  kind?: FaultKind;
  /** What it befalls: two faults of different targets may be played at once. */
  target: string;
  /** How often it is drawn, beside the others'. */
  weight: number;
  /** Nobody but Recado itself puts it right, so the time is counted from the fault. */
  byItself?: boolean;
  /** It may end calls to the channel that are under way, so that nobody knows what came of them. */
  endsCalls?: boolean;
  /** What it befalls is needed by whoever starts meanwhile. */
  keepsFromStarting?: boolean;
  /** Drawn at most so many times; such a long one is played alone. */
  most?: number;
  /** Does it, and puts it right; settles when what it befell is there again, with false where it never came to it. */
  act(random: Random): Promise<unknown>;
}

/** From when to when in terms of performance.now(), and the last words. */
export interface FailedStart {
  from: number;
  to: number;
  words: string;
}

/** A call that the simulator accepted. */
export interface LedgerEntry {
  wamid: string;
  phone_number_id: string;
  to: string;
  token: string | null;
  outcome: string;
}

export interface Cast {
  name: string;
  client: Client;
  faults: Fault[];
  /** Where the simulated phones are at the moment. */
  simulatorUrl(): string;
  /** How the run itself reaches the database, past every fault. */
  connection(): pg.ClientConfig;
  /** What the simulator synced to disk before it answered: the ground truth. */
  ledger(): Promise<LedgerEntry[]>;
  /** How many hints have gone with what was flushed. */
  hintsFlushed?(): number;
  /** How many connections to the database were cut. */
  cuts?(): number;
  /** Processes that ended although nobody ended them, with their last words. */
  deaths(): string[];
  /** Starts that came to nothing, and were tried again. */
  failedStarts(): FailedStart[];
  /** Ends every process, and removes the folder. */
  close(): Promise<void>;
}

/** The lines of a ledger; a call that was cut short before it was whole was not accepted. */
export async function readLedger(dataDir: string): Promise<LedgerEntry[]> {
  const text = await readFile(join(dataDir, 'ledger.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap(line => {
    try {
      return [JSON.parse(line) as LedgerEntry];
    } catch {
      return [];
    }
  });
}
