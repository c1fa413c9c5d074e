// Follows the simulator's growing ledger, so that a long run does not reread it.
import { open } from 'node:fs/promises';
import type { LedgerEntry } from '../faults/actors.ts';

/** `at` is when the simulator accepted the call. */
export type TimedEntry = LedgerEntry & { at: string };

/** Returns the new lines since the last call. */
export function followLedger(path: string): () => Promise<TimedEntry[]> {
  let offset = 0;
  return async () => {
    const handle = await open(path, 'r').catch(() => undefined);
    if (!handle) return [];
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
      // The text after the last line end is still being written.
      const whole = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
      offset += whole;
      const lines = buffer.subarray(0, whole).toString('utf8').split('\n').filter(Boolean);
      return lines.map(line => JSON.parse(line) as TimedEntry);
    } finally {
      await handle.close();
    }
  };
}
