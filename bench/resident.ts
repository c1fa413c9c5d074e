// The resident memory of a process, as the system tells it.
import { readFileSync } from 'node:fs';

/** Resident memory of a process, in MB. @throws if the process has ended */
export function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error('the system does not say how much memory a process has');
  return Number(kilobytes) / 1_024;
}
