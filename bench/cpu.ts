// CPU time of processes: on a shared machine it is more reliable than the clock.
import { readFileSync } from 'node:fs';

/** Ticks per second in /proc; the same on every Linux that runs Node. */
const ticks = 100;

/** The CPU time of each process so far, in milliseconds; empty if the system does not tell. */
export function cpuOf(pids: number[]): Map<number, number> {
  const used = new Map<number, number>();
  for (const pid of pids)
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name may contain spaces and brackets; after it the times are the 12th and 13th field.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      used.set(pid, ((Number(fields[11]) + Number(fields[12])) / ticks) * 1_000);
    } catch {
      // The process is gone, or there is no /proc.
    }
  return used;
}

/** The CPU time between two readings; a new process counts from its start. */
export const cpuBetween = (before: Map<number, number>, after: Map<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
