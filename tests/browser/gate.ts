// What is between a browser and a server that comes and goes: one address, and the order in which a tab's two connections
// for events get through.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** The tab's connections that last: the stream of events, and the socket for presence. */
export type Lasting = 'stream' | 'socket';

export interface Gate {
  url: string;
  /** Cuts all connections and refuses new ones, as if the server had been killed. */
  close(): Promise<void>;
  /** Leads to the server at this port. One lasting connection has to be there before the other gets through. */
  open(port: number, first: Lasting): Promise<void>;
  /** Resolves once a lasting connection is there, since the gate was opened. */
  arrived(which: Lasting): Promise<void>;
  /** Keeps the connections open, and lets nothing more of the server through. */
  freeze(): void;
}

export async function startGate(): Promise<Gate> {
  const sockets = new Set<Socket>();
  let target = 0;
  let first: Lasting = 'stream';
  let isFrozen = false;
  let here = arrivals();
  const server = createServer((asked, answer) => {
    if (isHeld(asked)) return void asked.socket.destroy();
    const onward = request(optionsOf(asked), given => {
      answer.writeHead(given.statusCode ?? 502, given.rawHeaders);
      answer.flushHeaders();
      if (isOf(asked) === 'stream' && given.statusCode === 200) here.stream.resolve();
      given.on('data', bytes => isFrozen || answer.write(bytes));
      given.on('end', () => answer.end());
      given.on('error', () => answer.destroy());
      answer.on('close', () => given.destroy());
    });
    onward.on('error', () => asked.socket.destroy());
    asked.pipe(onward);
  });
  server.on('connection', (socket: Socket) => keep(socket));
  server.on('upgrade', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isHeld(asked)) return void socket.destroy();
    const onward = request(optionsOf(asked));
    onward.on('error', () => socket.destroy());
    onward.on('response', () => socket.destroy());
    onward.on('upgrade', (given, upstream: Socket, rest) => {
      keep(upstream);
      const lines = given.rawHeaders.map((text, n) => (n % 2 === 0 ? `${text}: ` : `${text}\r\n`));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      const pass = (bytes: Buffer) => {
        if (isFrozen) return;
        socket.write(bytes);
        // Socket.IO lets a client in with this packet.
        if (bytes.includes('40{')) here.socket.resolve();
      };
      if (rest.length > 0) pass(rest);
      if (head.length > 0) upstream.write(head);
      upstream.on('data', pass);
      socket.pipe(upstream);
      upstream.on('close', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
    });
    onward.end();
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  const optionsOf = ({ method, url, headers }: IncomingMessage) =>
    ({ host: '127.0.0.1', port: target, method, path: url, headers, agent: false }) as const;

  function isHeld(asked: IncomingMessage): boolean {
    const which = isOf(asked);
    return which !== undefined && which !== first && !here[first].isDone;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      isFrozen = false;
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open(to, which) {
      target = to;
      first = which;
      here = arrivals();
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    arrived: which => here[which].promise,
    freeze() {
      isFrozen = true;
    },
  };
}

function isOf({ url = '' }: IncomingMessage): Lasting | undefined {
  if (url.startsWith('/api/v1/events/stream')) return 'stream';
  return url.startsWith('/socket.io') ? 'socket' : undefined;
}

function arrivals(): Record<Lasting, { promise: Promise<void>; resolve(): void; isDone: boolean }> {
  const one = () => {
    let end = () => {};
    const promise = new Promise<void>(resolve => {
      end = resolve;
    });
    const arrival = {
      promise,
      isDone: false,
      resolve() {
        arrival.isDone = true;
        end();
      },
    };
    return arrival;
  };
  return { stream: one(), socket: one() };
}
