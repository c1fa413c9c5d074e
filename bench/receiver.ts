// A receiver of webhooks that answers at once, and records what came. A process of its own.
import { createServer } from 'node:http';

export interface Received {
  /** Different webhooks. */
  count: number;
  /** Webhooks that came again. */
  repeated: number;
  /** When the last one came, by the machine's monotonic clock in milliseconds. */
  last: number;
}

const { port }: { port: number } = JSON.parse(process.argv[3] ?? '');
const bodies = new Map<string, string>();
let repeated = 0;
let last = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/webhooks') {
      const id = String(request.headers['webhook-id']);
      if (bodies.has(id)) repeated++;
      bodies.set(id, Buffer.concat(chunks).toString('utf8'));
      last = Number(process.hrtime.bigint()) / 1e6;
      return response.end();
    }
    if (request.url === '/bodies') return response.end(JSON.stringify([...bodies]));
    response.end(JSON.stringify({ count: bodies.size, repeated, last } satisfies Received));
    if (request.url !== '/reset') return;
    bodies.clear();
    repeated = 0;
  });
});
server.keepAliveTimeout = 60_000;
server.listen(port, '127.0.0.1', () => console.log('the receiver is ready'));
