// GET /livez and GET /readyz: whether the process is alive, and whether it is ready.
import type { Server } from '../../kit/http/routes.ts';

// Probes have no limit: a rejected probe could restart a healthy process.
const route = { config: { public: true, uncounted: true }, schema: { hide: true } } as const;

export function addProbes(app: Server, notReady: () => Promise<string | undefined>): void {
  let asked: Promise<string | undefined> | undefined;
  app.get('/livez', route, async () => ({ status: 'ok' }));
  app.get('/readyz', route, async (_request, reply) => {
    // Probes that arrive together share one question to the database.
    asked ??= notReady().finally(() => {
      asked = undefined;
    });
    const reason = await asked;
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).header('retry-after', '1').send({ status: 'not ready', reason });
  });
}
