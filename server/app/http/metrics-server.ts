// A small listener beside the API for collectors and probes: metrics and health of this process, in every role.
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Server } from '../../kit/http/routes.ts';
import type { AppContext } from '../context.ts';
import { listenAt, localUrl } from './listen.ts';
import { type MetricsText, metricsRoute } from './metrics-route.ts';
import { addProbes } from './probes.ts';

/**
 * Opens the listener if METRICS_PORT is set, and returns its address. It opens before the first lane and closes after
 * the last, to report that the process starts or stops. Anyone who can reach it may read it.
 * @throws StartError if it cannot use its address
 */
export async function openMetricsServer(
  { config, closers, notReady }: AppContext,
  metricsText: MetricsText,
): Promise<string | undefined> {
  if (!config.metrics) return undefined;
  const { fastify } = await import('fastify');
  const app: Server = fastify({ forceCloseConnections: true }).withTypeProvider<ZodTypeProvider>();
  // This listener authenticates no callers and has no OpenAPI document.
  addProbes(app, notReady);
  metricsRoute(app, metricsText);
  await listenAt(app, { ...config.metrics, names: { port: 'METRICS_PORT', host: 'METRICS_HOST' } });
  closers.push(() => app.close());
  return localUrl(app, config.metrics.host);
}
