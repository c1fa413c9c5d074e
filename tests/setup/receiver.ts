// A receiver of webhooks: an HTTP server on loopback that keeps what it gets, and answers as a test wants.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: the event is whatever the test expects
  event: any;
}

/** Answers one request; the default is 204. */
export type Respond = (request: Received, response: ServerResponse) => void;

export interface Receiver {
  /** Its link, which ends with a path of your choice. */
  url: (path: string) => string;
  /** host:port, for WEBHOOK_ALLOWED_HOSTS. */
  host: string;
  /** What came to a path, in order. */
  got: (path: string) => Received[];
  /** Lets a path answer differently from now on. */
  answer: (path: string, respond: Respond) => void;
  /** How many connections there have been. */
  connections: () => number;
  close: () => Promise<void>;
}

export const accept: Respond = (_request, response) => response.writeHead(204).end();

/** Answers with a status, and perhaps headers and a body. */
export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Respond =>
  (_request, response) =>
    response.writeHead(code, headers).end(body);

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, Respond>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    const one = { path, headers: request.headers, body, event: JSON.parse(body) };
    received.push(one);
    (answers.get(path) ?? accept)(one, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    host,
    url: path => `http://${host}${path}`,
    got: path => received.filter(one => one.path === path),
    answer: (path, respond) => void answers.set(path, respond),
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
