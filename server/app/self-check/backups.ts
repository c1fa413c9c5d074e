// The checks of backups and of versions.
import { type LastRuns, lastRuns } from '../../features/backups/index.ts';
import { confirmedAt, findWebVersion, oldAfterMs } from '../../features/links/index.ts';
import {
  databaseFacts,
  type Finding,
  failed,
  linkFacts,
  ok,
  type Probe,
  warning,
} from '../../features/self-check/index.ts';
import { version } from '../version.ts';
import type { CheckParts } from './parts.ts';
import { inMegabytes } from './words.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A night later than yesterday's. */
const oldBackupHours = 26;
const lostBackupHours = 7 * 24;
const oldProofDays = 31;

export const backupProbe =
  ({ db, clock }: CheckParts): Probe =>
  async () =>
    judgeBackups(await lastRuns(db), clock.now());

/** What the last backup and the last proof mean. */
export function judgeBackups({ backup, proof }: LastRuns, now: number): Finding {
  const { good, last } = backup;
  if (last?.state === 'failed') {
    const why = last.error ?? '';
    return failed('backup_failed', `The last backup failed: ${why}`, 'Mend what it says, then run npx recado backup.', {
      why,
    });
  }
  if (!good)
    return warning('backup_none', 'There is no backup yet.', 'Set BACKUP_DIR, or run npx recado backup every night.');
  const hours = Math.floor((now - (good.taken_at ?? good.began_at).getTime()) / hourMs);
  if (hours > oldBackupHours) {
    const isLost = hours > lostBackupHours;
    return (isLost ? failed : warning)(
      'backup_old',
      `The last backup is ${hours} hours old.`,
      'Look at the timer, or set BACKUP_DIR. Run npx recado backup now.',
      { hours },
    );
  }
  if (proof.last?.state === 'failed') {
    const why = proof.last.error ?? '';
    return failed('backup_proof_failed', `The last proof failed: ${why}`, 'Take another backup, and prove it.', {
      why,
    });
  }
  const bytes = good.bytes ?? 0;
  const detail = { hours, bytes, messages: good.messages ?? 0 };
  const made = `Made ${hours} hours ago, ${inMegabytes(bytes)} MB`;
  const days = proof.good ? Math.floor((now - proof.good.began_at.getTime()) / dayMs) : undefined;
  if (days === undefined || days > oldProofDays)
    return warning(
      'backup_unproven',
      `${made}. ${days === undefined ? 'No backup was ever restored for a proof.' : `The last proof was ${days} days ago.`}`,
      'Run npx recado backup --prove on the folder of your backups.',
      { ...detail, ...(days !== undefined && { days }) },
    );
  return ok('backup', `${made}, and a backup was restored for a proof ${days} days ago.`, { ...detail, days });
}

/** Until when the makers publish security fixes. */
const nodeEnds: Record<string, string> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' };
const postgresEnds: Record<string, string> = { 15: '2027-11-11', 16: '2028-11-09', 17: '2029-11-08', 18: '2030-11-14' };

export const versionsProbe =
  ({ db, clock }: CheckParts): Probe =>
  async ({ workspaceId }) => {
    const { version: postgres } = await databaseFacts(db);
    const found = (await linkFacts(db, workspaceId)).length > 0 ? await findWebVersion(db) : undefined;
    const now = clock.now();
    const web = found && { version: found.version, days: Math.floor((now - confirmedAt(found)) / dayMs) };
    return judgeVersions({ node: process.versions.node, postgres, web }, now);
  };

interface Versions {
  node: string;
  postgres: string;
  /** Of WhatsApp Web, and since when nobody knows a newer one. */
  web: { version: string; days: number } | undefined;
}

export function judgeVersions({ node, postgres, web }: Versions, now: number): Finding {
  const detail = { recado: version, node, postgres, ...(web && { web: web.version }) };
  if (web && web.days * dayMs > oldAfterMs)
    return warning(
      'web_version_old',
      `WhatsApp Web ${web.version} is ${web.days} days old: WhatsApp may reject new links.`,
      'Let the gateway reach WhatsApp, or set a newer version with npx recado web-version.',
      { ...detail, days: web.days },
    );
  for (const [what, given, ends] of [
    ['Node.js', node, nodeEnds],
    ['PostgreSQL', postgres, postgresEnds],
  ] as const) {
    const end = ends[given.split('.')[0] ?? ''];
    if (end !== undefined && now > Date.parse(end)) {
      const message = `${what} ${given} gets no security fixes since ${end}.`;
      return warning('version_ended', message, 'Move to a newer one.', { ...detail, what, given, end });
    }
  }
  const named = web ? `, WhatsApp Web ${web.version}` : '';
  return ok('versions', `Recado ${version}, Node.js ${node}, PostgreSQL ${postgres}${named}.`, detail);
}
