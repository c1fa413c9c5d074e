// A name for one process of one machine or container: what it leaves behind is known as its own for as long as it lives.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The mark of a process of this place. Containers may share the name of a host, and each has a process 1. */
export function processMark(pid: number, place: string = processPlace()): string {
  const where = createHash('sha256').update(`${hostname()} ${place}`).digest('hex').slice(0, 12);
  return `${where}.${pid}.${startOf(pid)}`;
}

/** What a process id is relative to: the boot of the machine and the container. */
export function processPlace(): string {
  if (process.platform !== 'linux') return '';
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')} `;
  } catch {
    return '';
  }
}

/**
 * The state of a process, its parent, and when it started in the kernel's own measure; undefined where the system does not
 * tell.
 */
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

/** Whether a mark is of a process of this place that is no more; those of other machines and containers cannot be known. */
export function isDead(mark: string, self: string): boolean {
  const [where, pid, start] = mark.split('.');
  if (mark === self || where !== self.split('.')[0] || !pid || start === undefined) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  return startOf(Number(pid)) !== start;
}
