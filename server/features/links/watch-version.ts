// Keeps the version of WhatsApp Web that this process claims to be: it changes while the process runs.
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import { oldAfterMs } from './version.ts';
import { findWebVersion, followConfiguredVersion } from './version-store.ts';

export interface VersionNeeds {
  db: Database;
  realClock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'webVersionAge'>;
  /** The version of the settings. */
  configured: string;
  /** Another version is used from now on. */
  changed: () => void;
}

const pollMs = 2_000;
const warnEveryMs = 86_400_000;

/** Reads the version, and watches it. */
export async function watchVersion(needs: VersionNeeds): Promise<{ current: () => string; stop: () => void }> {
  const { db, realClock, log, metrics, configured, changed } = needs;
  let version = configured;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let cancel = () => {};
  let stopped = false;

  async function poll(): Promise<void> {
    const found = await findWebVersion(db);
    if (!found) return;
    const ageMs = realClock.now() - found.since.getTime();
    metrics.webVersionAge.set(Math.max(0, ageMs / 1_000));
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
