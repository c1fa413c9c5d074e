// How many requests were answered, how soon and with what, by kind: a label for each route would be too many.
import type { FastifyRequest } from 'fastify';
import type { Server } from '../../kit/http/routes.ts';
import type { Metrics } from '../../kit/metrics.ts';

/** Events apart: those requests wait on purpose. */
function kindOf({ method, routeOptions: { url = '' } }: FastifyRequest): string {
  if (url.startsWith('/webhooks/')) return 'webhook';
  if (!url.startsWith('/api/')) return 'web';
  if (url.startsWith('/api/v1/events')) return 'events';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** Measures each request of the server. */
export function measureRequests(app: Server, { requestSeconds }: Pick<Metrics, 'requestSeconds'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    requestSeconds.observe({ kind: kindOf(request), status }, reply.elapsedTime / 1_000);
    done();
  });
}
