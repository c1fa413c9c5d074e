// Keeps the version of WhatsApp Web that this process claims to be: it changes while the process runs.
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import { confirmedAt, oldAfterMs } from './version.ts';
import { findWebVersion, followConfiguredVersion, keepReading, takeReading } from './version-store.ts';

export interface VersionNeeds {
  db: Database;
  realClock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'webVersionAge' | 'webVersionReadAge'>;
  /** The version of the settings. */
  configured: string;
  /** Reads the current version from WhatsApp; undefined if nobody shall. */
  read: (() => Promise<string>) | undefined;
  /** Another version is used from now on. */
  changed: () => void;
}

const pollMs = 2_000;
const warnEveryMs = 86_400_000;

/** Reads the version, and watches it. */
export async function watchVersion(needs: VersionNeeds): Promise<{ current: () => string; stop: () => void }> {
  const { db, realClock, log, metrics, configured, read, changed } = needs;
  let version = configured;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let cancel = () => {};
  let stopped = false;

  let isReading = false;

  /** The version in use stays in use if WhatsApp gives none. */
  async function readCurrent(whatsApp: () => Promise<string>): Promise<void> {
    if (!(await takeReading(db))) return;
    try {
      await keepReading(db, await whatsApp());
    } catch (error) {
      log.warn({ err: error }, 'the current version of WhatsApp Web could not be read; the next attempt is in an hour');
    }
  }

  async function poll(): Promise<void> {
    if (read && !isReading) {
      isReading = true;
      readCurrent(read)
        .catch(error => log.warn({ err: error }, 'the version of WhatsApp Web could not be kept'))
        .finally(() => {
          isReading = false;
        });
    }
    const found = await findWebVersion(db);
    if (!found) return;
    const now = realClock.now();
    metrics.webVersionAge.set(Math.max(0, (now - found.since.getTime()) / 1_000));
    if (found.read_at) metrics.webVersionReadAge.set(Math.max(0, (now - found.read_at.getTime()) / 1_000));
    const ageMs = now - confirmedAt(found);
    if (ageMs > oldAfterMs && realClock.elapsed() > warnedAt + warnEveryMs) {
      warnedAt = realClock.elapsed();
      log.warn(
        { version: found.version, since: found.since },
        'the version of WhatsApp Web is old: WhatsApp may reject new links; set a newer one with npx recado web-version',
      );
    }
    if (found.version === version) return;
    version = found.version;
    log.info({ version }, 'another version of WhatsApp Web is used');
    changed();
  }

  function next(): void {
    if (stopped) return;
    cancel = realClock.after(pollMs, () => {
      poll()
        .catch(error => log.warn({ err: error }, 'the version of WhatsApp Web could not be read'))
        .finally(next);
    });
  }

  await followConfiguredVersion(db, configured);
  await poll();
  next();
  return {
    current: () => version,
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
