// The actors: the processes of one installation under load, and the faults that can hit them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Client } from './client.ts';
import type { Random } from './random.ts';

/** The values of `--only`. */
export const faultKinds = ['postgres-stop', 'redis-flush'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  name: string;
  kind?: FaultKind;
  /** What it hits: two faults with different targets may run at once. */
  target: string;
  /** How often it is drawn, relative to others. */
  weight: number;
  /** Only Recado itself recovers from it, so the time counts from the fault. */
  byItself?: boolean;
  /** It may interrupt channel calls in flight and make their outcome unknown. */
  endsCalls?: boolean;
  /** It hits something that a starting process needs. */
  keepsFromStarting?: boolean;
  /** The most times it is drawn; a long fault like this runs alone. */
  most?: number;
  /** Causes the fault and ends it; settles when the target is back. Resolves with false if the fault never happened. */
  act(random: Random): Promise<unknown>;
}

/** Its start and end by performance.now(), and its last output. */
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

export interface Actors {
  name: string;
  client: Client;
  faults: Fault[];
  /** The current URL of the simulated phones. */
  simulatorUrl(): string;
  /** Connects the run itself to the database, bypassing faults. */
  connection(): pg.ClientConfig;
  /** What the simulator synced to disk before it responded: the ground truth. */
  ledger(): Promise<LedgerEntry[]>;
  /** How many wake-ups were lost to flushes. */
  wakeupsFlushed?(): number;
  /** How many database connections were cut. */
  cuts?(): number;
  /** Processes that ended by themselves, with their last output. */
  deaths(): string[];
  /** Failed starts that were retried. */
  failedStarts(): FailedStart[];
  /** Ends every process and removes the folder. */
  close(): Promise<void>;
}

/** The lines of a ledger; an incomplete line is a call that was not accepted. */
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
