// The processor time of processes, which says more than the clock where the machine is shared.
import { readFileSync } from 'node:fs';

/** Ticks of /proc in a second; the same on every Linux that Node runs on. */
const ticks = 100;

/** Milliseconds that each of these processes has computed so far; empty where the system does not tell. */
export function cpuOf(pids: number[]): Map<number, number> {
  const used = new Map<number, number>();
  for (const pid of pids)
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name may have spaces and brackets in it; after it the times are the 12th and the 13th.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      used.set(pid, ((Number(fields[11]) + Number(fields[12])) / ticks) * 1_000);
    } catch {
      // It is gone, or there is no /proc.
    }
  return used;
}

/** What was computed between two readings; a process that came in between counts from its start. */
export const cpuBetween = (before: Map<number, number>, after: Map<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
