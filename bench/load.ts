// The load: a fixed number of connections; each posts again after its response. It speaks HTTP/1.1 by hand, because it
// shares the cores with the programs that it measures.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  body: string;
}

export interface Connection {
  ask(request: Request): Promise<Answer>;
  close(): void;
}

/** Opens a connection to a server on loopback; one request at a time. */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port, host } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  let taken = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', data => {
    taken = taken.length === 0 ? data : Buffer.concat([taken, data]);
    const answer = readAnswer(taken);
    if (!answer) return;
    taken = taken.subarray(answer.length);
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(answer);
  });
  return {
    ask({ method, path, headers, body }) {
      return new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        waiting = { resolve, reject };
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
        const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}${length}\r\n`;
        if (typeof body === 'string') socket.write(head + body);
        else {
          socket.cork();
          socket.write(head);
          if (body) socket.write(body);
          socket.uncork();
        }
      });
    },
    close: () => socket.destroy(),
  };
}

/** The first complete response in these bytes with its length. Bodies need a Content-Length. */
function readAnswer(bytes: Buffer): (Answer & { length: number }) | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const size = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (size === undefined) throw new Error(`an answer without content-length: ${head}`);
  const length = end + 4 + Number(size);
  if (bytes.length < length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4, length), length };
}

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** The request for a number that rises with each call. */
  request: (number: number) => Request;
  /** The first number. */
  first: number;
  /** The expected status; any other ends the run. */
  status: number;
}

export interface LoadResult {
  /** How many responses arrived. */
  count: number;
  /** From the first request to the last response, in seconds. */
  seconds: number;
  /** The latency of each, in milliseconds. */
  latencies: number[];
}

/** Loads a server for some seconds. @throws on any other status */
export async function drive(load: Load): Promise<LoadResult> {
  let next = load.first;
  const latencies: number[] = [];
  const connections = await Promise.all(Array.from({ length: load.connections }, () => openConnection(load.url)));
  const began = performance.now();
  const end = began + load.seconds * 1_000;
  try {
    await Promise.all(
      connections.map(async connection => {
        while (performance.now() < end) {
          const request = load.request(next++);
          const asked = performance.now();
          const { status, body } = await connection.ask(request);
          if (status !== load.status) throw new Error(`${request.path} was answered with ${status}: ${body}`);
          latencies.push(performance.now() - asked);
        }
      }),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
  return { count: latencies.length, seconds: (performance.now() - began) / 1_000, latencies };
}
