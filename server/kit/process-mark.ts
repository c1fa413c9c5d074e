// A name for one process of one machine, so that what it leaves behind is known as its own for as long as it lives.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The mark of a process of this machine. */
export function processMark(pid: number): string {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);
  return `${host}.${pid}.${startOf(pid)}`;
}

/** The state of a process, its parent, and when it started in the kernel's own measure; undefined where the system does not tell. */
export function processStat(pid: number): { state: string; parent: number; start: string } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything: of the fields behind it, state is the 3rd of the
    // line, the parent its 4th and the start its 22nd.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

const startOf = (pid: number): string => processStat(pid)?.start ?? '';

/** Whether a mark is of a process of this machine that is no more; those of other machines cannot be known. */
export function isDead(mark: string, self: string): boolean {
  const [host, pid, start] = mark.split('.');
  if (mark === self || host !== self.split('.')[0] || !pid || start === undefined) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  return startOf(Number(pid)) !== start;
}
