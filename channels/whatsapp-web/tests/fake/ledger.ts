// What WhatsApp accepted: the truth that tests of faults compare with.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface LedgerEntry {
  /** The number of the account that wrote, in E.164. */
  from: string;
  /** The recipient: a number in E.164, or the address of a group. */
  to: string;
  id: string;
  /** Whether it was delivered; a refused one has `error`. */
  accepted: boolean;
  error: number | undefined;
}

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  private readonly file: number | undefined;

  /** @param path where each entry is written, and safe on disk, before anybody hears of it */
  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : openSync(path, 'a');
  }

  add(entry: LedgerEntry): void {
    this.entries.push(entry);
    if (this.file === undefined) return;
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.file);
  }

  /** The ids that were accepted for a recipient, each as often as it came. */
  acceptedFor(to: string): string[] {
    return this.entries.filter(entry => entry.accepted && entry.to === to).map(({ id }) => id);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
