// An HTTP proxy in front of a store that responds in its place, or hangs, on request.
import { request as askHttp, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpProxy {
  url: string;
  /** Passes on, hangs, or responds with an S3 error; only for this method, if given. */
  set(what: 'pass' | 'hang' | 403 | 503, method?: string): void;
  /** Runs `work` before the next request of this method is passed on. */
  before(method: string, work: () => Promise<unknown>): void;
  /** How many requests hang. */
  hanging(): number;
  close(): Promise<void>;
}

export async function startHttpProxy(target: string): Promise<HttpProxy> {
  const { hostname: host, port } = new URL(target);
  let what: Parameters<HttpProxy['set']>[0] = 'pass';
  let only: string | undefined;
  let hanging = 0;
  let next: { method: string; work: () => Promise<unknown> } | undefined;
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    if (next && next.method === method) {
      const { work } = next;
      next = undefined;
      await work();
    }
    if (what === 'pass' || (only !== undefined && method !== only)) {
      const passed = askHttp({ host, port, method, path, headers }, answered => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
      return;
    }
    request.resume();
    if (what === 'hang') {
      hanging += 1;
      response.once('close', () => {
        hanging -= 1;
      });
      return;
    }
    const code = what === 403 ? 'AccessDenied' : 'ServiceUnavailable';
    response.writeHead(what, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(now, method) {
      what = now;
      only = method;
    },
    before(method, work) {
      next = { method, work };
    },
    hanging: () => hanging,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
