// The routes that a server serves, from Fastify's own table, so that no list can forget one.
import type { Server } from '../../server/kit/http/routes.ts';

export interface ServedRoute {
  method: string;
  /** As Fastify writes it: `/api/v1/messages/:id`. */
  path: string;
}

/** All routes, from Fastify's printed tree. HEAD is left out: it runs the handler of GET. */
export function servedRoutes(server: Server | undefined): ServedRoute[] {
  const way: string[] = [];
  const routes: ServedRoute[] = [];
  for (const line of (server?.printRoutes({ commonPrefix: false }) ?? '').split('\n')) {
    const [, branch = '', part, methods] = /^([│ ├└─]*)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === undefined) continue;
    const depth = branch.length / 4 - 1;
    way.length = depth;
    way[depth] = part;
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') routes.push({ method, path: way.join('') });
  }
  return routes;
}
