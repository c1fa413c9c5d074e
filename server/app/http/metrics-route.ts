// GET /metrics: metrics of this process, and of the whole installation from the database.
import type { FastifyRequest } from 'fastify';
import type { LastRuns } from '../../features/backups/index.ts';
import type { InstallationStats } from '../../features/statistics/index.ts';
import type { Database } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import type { Server } from '../../kit/http/routes.ts';
import type { Metrics } from '../../kit/metrics.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
// Requests that a proxy on this machine forwards come from elsewhere.
const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
const freshMs = 5_000;

export interface MetricsNeeds {
  metrics: Metrics;
  pools: Record<string, Pick<Database, 'connections'>>;
  /** The disk of the embedded database. */
  storage: { freeBytes(): number } | undefined;
  installationStats: () => Promise<InstallationStats>;
  lastBackups: () => Promise<LastRuns>;
}

/** Renders current metrics as text of this type. */
export interface MetricsText {
  type: string;
  read(): Promise<string>;
}

export function openMetricsText(needs: MetricsNeeds): MetricsText {
  const { metrics, pools, storage, installationStats, lastBackups } = needs;
  let readAt = Number.NEGATIVE_INFINITY;

  async function collect(): Promise<void> {
    for (const [pool, db] of Object.entries(pools))
      for (const [state, count] of Object.entries(db.connections())) metrics.pool.set({ pool, state }, count);
    if (storage) metrics.storageFree.set({ disk: 'data' }, storage.freeBytes());
    if (performance.now() - readAt < freshMs) return;
    try {
      show(metrics, await installationStats());
      showBackups(metrics, await lastBackups());
      metrics.databaseUp.set(1);
      readAt = performance.now();
    } catch {
      // Process metrics matter most while the database is down.
      metrics.databaseUp.set(0);
    }
  }

  return {
    type: metrics.registry.contentType,
    async read() {
      await collect();
      return metrics.registry.metrics();
    },
  };
}

/** Serves the metrics to callers that `mayRead` allows; to everyone if it is not given. */
export function metricsRoute(
  app: Server,
  metricsText: MetricsText,
  mayRead: (request: FastifyRequest) => boolean = () => true,
) {
  app.get('/metrics', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request)) throw commonProblem('forbidden', 'Only callers on this machine may read the metrics.');
    return reply.type(metricsText.type).send(await metricsText.read());
  });
}

/**
 * Metrics reveal how busy an installation is. On a public address only callers on this machine see them. A proxy on
 * this machine may add no header that we know, but then it asks for a host of its own.
 */
export const isOfThisMachine = ({ ip, headers }: FastifyRequest): boolean =>
  loopback.has(ip) && isLoopbackHost(headers.host) && !forwarding.some(name => headers[name] !== undefined);

const isLoopbackHost = (host = ''): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);

function show(metrics: Metrics, stats: InstallationStats): void {
  for (const gauge of [metrics.waiting, metrics.oldest, metrics.held]) gauge.reset();
  for (const { status, priority, n } of stats.waiting) metrics.waiting.set({ status, priority }, n);
  for (const { priority, seconds } of stats.oldest) metrics.oldest.set({ priority }, seconds);
  for (const { reason, n } of stats.held) metrics.held.set({ reason }, n);
  metrics.open.set({ kind: 'send' }, stats.due_lanes);
  metrics.open.set({ kind: 'receive' }, stats.open_payloads);
  metrics.open.set({ kind: 'read' }, stats.open_read_marks);
  metrics.open.set({ kind: 'fetch' }, stats.open_media);
  metrics.workers.set(stats.workers);
  metrics.eventLag.set(stats.event_lag_seconds);
  metrics.undelivered.set(stats.undelivered);
  metrics.stuck.set(stats.stuck);
  // The count of the whole installation: workers that nobody can scrape record duplicates too.
  metrics.duplicated.reset();
  metrics.duplicated.inc(stats.duplicated);
}

function showBackups(metrics: Metrics, runs: LastRuns): void {
  for (const kind of ['backup', 'proof'] as const) {
    const { good, last } = runs[kind];
    const at = (kind === 'backup' ? good?.taken_at : good?.ended_at) ?? good?.began_at;
    if (at) metrics.backupAt.set({ kind }, at.getTime() / 1_000);
    if (last) metrics.backupFailing.set({ kind }, last.state === 'failed' ? 1 : 0);
  }
}
