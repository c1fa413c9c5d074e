// A small HTTP server for tests of the client, and timers that a test fires.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Timers } from '../../sdk/transport.ts';

export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers the request with this number, from 0. */
type Respond = (response: ServerResponse, number: number, request: Received) => void;

/** Serves on any free port. Each request is kept. */
export async function serve(respond: Respond) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const received = { method: request.method, url: request.url, headers: request.headers, body };
    respond(response, requests.push(received) - 1, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An error answer as the server writes it. */
export const problem = (status: number, code: string, more: object = {}) => ({
  type: 'about:blank',
  title: `Title of ${code}.`,
  status,
  code,
  detail: `Detail of ${code}.`,
  request_id: 'r1',
  ...more,
});

export interface TestTimers extends Timers {
  /** The waits between repetitions so far, in milliseconds. */
  waits: number[];
  /** The durations of the timers that run now. */
  running(): number[];
  /** Fires the timer with this duration once it runs. */
  fire(ms: number): Promise<void>;
}

/** Waits between repetitions end at once; timeouts, of 30 s and longer, when the test fires them. */
export function testTimers(): TestTimers {
  const waits: number[] = [];
  const running = new Set<{ ms: number; run: () => void }>();
  let started = () => {};
  return {
    waits,
    running: () => Array.from(running, ({ ms }) => ms),
    now: () => 0,
    random: () => 0,
    after(ms, run) {
      const timer = { ms, run };
      running.add(timer);
      started();
      if (ms < 30_000) {
        waits.push(ms);
        queueMicrotask(() => running.delete(timer) && run());
      }
      return () => running.delete(timer);
    },
    async fire(ms) {
      for (;;) {
        const timer = [...running].find(each => each.ms === ms);
        if (timer) {
          running.delete(timer);
          return timer.run();
        }
        await new Promise<void>(resolve => {
          started = resolve;
        });
      }
    },
  };
}
