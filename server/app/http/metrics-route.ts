// GET /metrics: metrics of this process, and of the whole installation from the database.
import type { FastifyRequest } from 'fastify';
import type { Gauges } from '../../features/statistics/index.ts';
import type { Database } from '../../kit/db/database.ts';
import { refuseCommon } from '../../kit/errors.ts';
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
  gauges: () => Promise<Gauges>;
}

/** Renders current metrics as text of this type. */
export interface Figures {
  type: string;
  read(): Promise<string>;
}

export function openFigures({ metrics, pools, storage, gauges }: MetricsNeeds): Figures {
  let readAt = Number.NEGATIVE_INFINITY;

  async function collect(): Promise<void> {
    for (const [pool, db] of Object.entries(pools))
      for (const [state, count] of Object.entries(db.connections())) metrics.pool.set({ pool, state }, count);
    if (storage) metrics.storageFree.set({ disk: 'data' }, storage.freeBytes());
    if (performance.now() - readAt < freshMs) return;
    try {
      show(metrics, await gauges());
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
  figures: Figures,
  mayRead: (request: FastifyRequest) => boolean = () => true,
) {
  app.get('/metrics', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request)) throw refuseCommon('forbidden', 'Only callers on this machine may read the metrics.');
    return reply.type(figures.type).send(await figures.read());
  });
}

/** Metrics reveal how busy an installation is. On a public address only callers on this machine see them. */
export const isOfThisMachine = (request: FastifyRequest): boolean =>
  loopback.has(request.ip) && !forwarding.some(name => request.headers[name] !== undefined);

function show(metrics: Metrics, figures: Gauges): void {
  for (const gauge of [metrics.waiting, metrics.oldest, metrics.held]) gauge.reset();
  for (const { status, priority, n } of figures.waiting) metrics.waiting.set({ status, priority }, n);
  for (const { priority, seconds } of figures.oldest) metrics.oldest.set({ priority }, seconds);
  for (const { reason, n } of figures.held) metrics.held.set({ reason }, n);
  metrics.open.set({ kind: 'send' }, figures.due_lanes);
  metrics.open.set({ kind: 'receive' }, figures.open_payloads);
  metrics.open.set({ kind: 'read' }, figures.open_read_marks);
  metrics.open.set({ kind: 'fetch' }, figures.open_media);
  metrics.workers.set(figures.workers);
  metrics.eventLag.set(figures.event_lag_seconds);
  metrics.undelivered.set(figures.undelivered);
  metrics.stuck.set(figures.stuck);
  // The count of the whole installation: workers that nobody can scrape record duplicates too.
  metrics.duplicated.reset();
  metrics.duplicated.inc(figures.duplicated);
}
