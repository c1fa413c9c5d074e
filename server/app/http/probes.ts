// GET /livez and GET /readyz: whether the process is alive, and whether it is ready.
import type { Server } from '../../kit/http/routes.ts';

export function addProbes(app: Server, notReady: () => Promise<string | undefined>): void {
  app.get('/livez', { config: { public: true }, schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { public: true }, schema: { hide: true } }, async (_request, reply) => {
    const reason = await notReady();
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).header('retry-after', '1').send({ status: 'not ready', reason });
  });
}
