// A unique name for a process of a machine or container. It marks files that are valid only while the process lives.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The mark of a process of this place. Containers may share a host name, and each has a process 1. */
export function processMark(pid: number, place: string = processPlace()): string {
  const where = createHash('sha256').update(`${hostname()} ${place}`).digest('hex').slice(0, 12);
  return `${where}.${pid}.${startOf(pid)}`;
}

/** The scope of process ids: the machine's boot and the container. */
export function processPlace(): string {
  if (process.platform !== 'linux') return '';
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')} `;
  } catch {
    return '';
  }
}

/** A process's state, parent and start time in kernel units; undefined if the system does not tell. */
export function processStat(pid: number): { state: string; parent: number; start: string } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program name is in brackets and may contain anything. After it come the state (3rd field of the line), the
    // parent (4th) and the start (22nd).
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

const startOf = (pid: number): string => processStat(pid)?.start ?? '';

/** Whether a mark belongs to a dead process of this place; marks of other machines and containers count as alive. */
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
