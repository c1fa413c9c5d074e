// The checks of the database, of wake-ups, of clocks and of the processes.
import { clockOffset } from '../../features/alerts/index.ts';
import {
  databaseFacts,
  type Finding,
  failed,
  linkFacts,
  ok,
  type Probe,
  skipped,
  warning,
  workerFacts,
} from '../../features/self-check/index.ts';
import { notifyRoundTrip } from '../../kit/db/notify-round-trip.ts';
import { reasonOf } from '../../kit/start-error.ts';
import type { CheckParts } from './parts.ts';
import { inMegabytes, listed, rounded } from './words.ts';

/** Above this share of its connections, the database may soon refuse more. */
const manyConnections = 0.8;
/** Webhooks and streams wait for a transaction that has been open for so many seconds. */
const longTransaction = 60;

export const databaseProbe =
  ({ db, config }: CheckParts): Probe =>
  async () => {
    const began = performance.now();
    let facts: Awaited<ReturnType<typeof databaseFacts>>;
    try {
      if (!(await db.answers())) throw new Error('it does not answer');
      facts = await databaseFacts(db);
    } catch (error) {
      const why = reasonOf(error);
      return failed(
        'database_away',
        `The database cannot be used: ${why}.`,
        config.databaseUrl ? 'Start PostgreSQL, or correct DATABASE_URL.' : 'Look at postgres.log in the data folder.',
        { why },
      );
    }
    const { version, bytes, connections, most_connections: most, waiting, oldest_seconds: oldest } = facts;
    const detail = { version, ms: rounded(performance.now() - began, 1), bytes, connections, most };
    if (facts.read_only)
      return failed(
        'database_read_only',
        'The database takes no changes: it is a standby, or set to read only.',
        'Let DATABASE_URL name the primary.',
        detail,
      );
    if (waiting > 0)
      return warning(
        'database_locks',
        `${waiting} sessions have waited for a lock for more than 5 s.`,
        'Find who holds the lock with pg_blocking_pids, and end that session.',
        { ...detail, waiting },
      );
    if (oldest > longTransaction)
      return warning(
        'database_lag',
        `A transaction has been open for ${Math.round(oldest)} s. Webhooks and streams wait for its end.`,
        'Find it with pg_stat_activity, and end that session.',
        { ...detail, seconds: Math.round(oldest) },
      );
    if (connections > most * manyConnections)
      return warning(
        'database_connections',
        `${connections} of ${most} connections of the server are in use.`,
        'Raise max_connections, or run fewer processes.',
        detail,
      );
    return ok(
      'database',
      `PostgreSQL ${version}. It answers in ${detail.ms} ms, has ${inMegabytes(bytes)} MB, and ${connections} of ${most} connections are in use.`,
      detail,
    );
  };

export const wakeupsProbe =
  ({ config, connection }: CheckParts): Probe =>
  async ({ signal }) => {
    const began = performance.now();
    try {
      await notifyRoundTrip(connection, signal);
    } catch (error) {
      const why = signal.aborted ? 'it did not arrive' : reasonOf(error);
      return failed(
        'wakeups_lost',
        `A notification did not pass through the database: ${why}.`,
        'Connect without a pooler in transaction mode, and let the server take more connections.',
        { why },
      );
    }
    const ms = rounded(performance.now() - began, 1);
    return config.redisUrl
      ? ok('wakeups_redis', `Lanes are woken through Redis. Events pass through the database in ${ms} ms.`, { ms })
      : ok('wakeups', `Lanes and events are woken through the database, in ${ms} ms.`, { ms });
  };

/** In seconds: times that people compare are then wrong, and so are tokens. */
const clockTolerance = { warning: 1, failed: 5 };

export const clockProbe =
  ({ db }: CheckParts): Probe =>
  async () =>
    judgeClock(await clockOffset(db));

export function judgeClock(offset: number): Finding {
  const seconds = rounded(offset, 3);
  const message = `The clock of this process is ${seconds} s beside that of the database.`;
  const remedy = 'Let both machines set their clocks by NTP.';
  if (seconds > clockTolerance.failed) return failed('clock_off', message, remedy, { seconds });
  if (seconds > clockTolerance.warning) return warning('clock_off', message, remedy, { seconds });
  return ok('clock', message, { seconds });
}

export const workersProbe =
  ({ db }: CheckParts): Probe =>
  async () => {
    const { alive, seconds } = await workerFacts(db);
    if (alive === 0)
      return failed(
        'no_worker',
        'No worker is alive: messages are accepted and wait, and nothing is sent.',
        'Start Recado, or a process with the role worker.',
      );
    const age = rounded(seconds ?? 0, 1);
    return ok('workers', `${alive} alive, last heartbeat ${age} s ago.`, { n: alive, seconds: age });
  };

export const gatewaysProbe =
  ({ db, config }: CheckParts): Probe =>
  async ({ workspaceId }): Promise<Finding> => {
    const links = await linkFacts(db, workspaceId);
    if (links.length === 0) return skipped('no_linked_phone', 'No phone is linked.');
    const unheld = links.filter(({ held, ended }) => !held && !ended).map(({ name }) => name);
    if (unheld.length > 0)
      return failed(
        'no_gateway',
        `No gateway holds the linked phones of ${listed(unheld)}.`,
        config.whatsAppWeb ? 'Start a process with the role gateway.' : 'Set WHATSAPP_WEB=on.',
        { n: unheld.length, names: listed(unheld) },
      );
    const ended = links.filter(link => link.ended).map(({ name }) => name);
    if (ended.length > 0)
      return warning(
        'phones_disconnected',
        `The phones of ${listed(ended)} are no longer linked.`,
        'Open the account, and link its phone again.',
        { n: ended.length, names: listed(ended) },
      );
    return ok('gateways', `${links.length} linked phones are held by gateways.`, { n: links.length });
  };
