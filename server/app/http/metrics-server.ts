// A small listener beside the API, for collectors and probes: the figures and the health of this process, for every role.
import Fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Server } from '../../kit/http/routes.ts';
import type { Ground } from '../context.ts';
import { listenAt, localUrl } from './listen.ts';
import { type Figures, metricsRoute } from './metrics-route.ts';
import { addProbes } from './probes.ts';

/**
 * Opens it where METRICS_PORT asks for it, and gives its address. It is there from before the first lane until after the
 * last, so that it can say that the process starts or stops. Whoever reaches it may read it.
 * @throws StartError where its address is not to be had
 */
export async function openWatch({ config, closers, notReady }: Ground, figures: Figures): Promise<string | undefined> {
  if (!config.metrics) return undefined;
  const app: Server = Fastify({ forceCloseConnections: true }).withTypeProvider<ZodTypeProvider>();
  // A listener of its own knows no callers and has no document.
  addProbes(app, notReady);
  metricsRoute(app, figures);
  await listenAt(app, { ...config.metrics, names: { port: 'METRICS_PORT', host: 'METRICS_HOST' } });
  closers.push(() => app.close());
  return localUrl(app, config.metrics.host);
}
