// When the schedule wants a backup or a proof.
import type { Repeats, Run } from './store.ts';

export interface Schedule {
  /** Where backups go. */
  folder: string;
  /** The hour of the day, in UTC. */
  hour: number;
  /** Older backups are deleted. */
  keepDays: number;
  /** A proof is made where the last is older; 0 for none. */
  proofDays: number;
  /** Whether the contents of media are in the backups. */
  media: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A backup is due once a day after the hour, and an hour after one that failed. */
export function repeatsOfBackup({ hour }: Pick<Schedule, 'hour'>, now: Date): Repeats {
  const since = new Date(now);
  since.setUTCHours(hour, 0, 0, 0);
  if (since > now) since.setTime(since.getTime() - dayMs);
  return { since, failedSince: new Date(now.getTime() - hourMs) };
}

/** Whether a proof of this backup is due: the last one failed, or is old. Each backup is proven once. */
export function isProofDue(
  { proofDays }: Pick<Schedule, 'proofDays'>,
  backup: Pick<Run, 'began_at'> | undefined,
  last: Pick<Run, 'state' | 'began_at'> | undefined,
  now: Date,
): boolean {
  if (proofDays === 0 || !backup) return false;
  if (!last) return true;
  if (last.began_at >= backup.began_at) return false;
  // Half a day less: the hour of a backup is not exact, and a day later would be too late.
  return last.state === 'failed' || now.getTime() - last.began_at.getTime() >= (proofDays - 0.5) * dayMs;
}

/** The file of a scheduled backup. */
export const fileNameAt = (now: Date): string => `recado-${now.toISOString().replace(/\.\d+|[-:]/g, '')}.backup.gz`;

/** When the backup of this file name was made; undefined for any other name. */
export function timeOfName(name: string): Date | undefined {
  const parts = /^recado-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup\.gz$/.exec(name);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
