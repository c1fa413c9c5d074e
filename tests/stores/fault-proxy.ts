// Stands between a store's adapter and its server, passes bytes on, and does one kind of harm while it is told to.
import { connect, createServer, type Socket } from 'node:net';
import { type LocalServer, listenLocally } from './local-server.ts';

export type Harm =
  | { kind: 'none' }
  /** Takes connections and never answers. */
  | { kind: 'silent' }
  /** Answers so many requests itself with this, and passes the others on. */
  | { kind: 'answer'; text: string; times: number }
  /** Cuts so many connections after this many bytes to the server. */
  | { kind: 'cut_up'; after: number; times: number }
  /** Cuts so many connections after this many bytes from the server. */
  | { kind: 'cut_down'; after: number; times: number };

export interface FaultProxy extends LocalServer {
  set(harm: Harm): void;
  /** How many connections there have been. */
  connections(): number;
  /** How many bytes went to the server. */
  bytesUp(): number;
  /** How many requests were answered by the proxy. */
  answered(): number;
}

/** Starts a proxy before a port of loopback. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  let harm: Harm = { kind: 'none' };
  let connections = 0;
  let bytesUp = 0;
  let answered = 0;
  let left = 0;

  function pass(client: Socket): void {
    const mine = harm;
    const upstream = connect(target, '127.0.0.1');
    const end = () => {
      client.resetAndDestroy();
      upstream.destroy();
    };
    const cut = (kind: Harm['kind'], passed: number) => {
      if (mine !== harm || mine.kind !== kind || !('after' in mine) || passed < mine.after || left <= 0) return false;
      left -= 1;
      end();
      return true;
    };
    let up = 0;
    let down = 0;
    client.on('data', chunk => {
      up += chunk.length;
      bytesUp += chunk.length;
      if (!cut('cut_up', up) && !upstream.write(chunk)) client.pause();
    });
    upstream.on('drain', () => client.resume());
    upstream.on('data', chunk => {
      down += chunk.length;
      if (!cut('cut_down', down) && !client.write(chunk)) upstream.pause();
    });
    client.on('drain', () => upstream.resume());
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('error', end);
  }

  const server = createServer(client => {
    connections += 1;
    if (harm.kind === 'silent') {
      client.resume();
      return;
    }
    if (harm.kind === 'answer' && left > 0) {
      left -= 1;
      answered += 1;
      const { text } = harm;
      // The whole request is read, so that closing does not look like a broken connection.
      client.once('data', () => client.end(text));
      client.resume();
      return;
    }
    pass(client);
  });
  const local = await listenLocally(server);
  return {
    ...local,
    set(next) {
      harm = next;
      left = 'times' in next ? next.times : 0;
    },
    connections: () => connections,
    bytesUp: () => bytesUp,
    answered: () => answered,
  };
}

/** A whole answer of HTTP, after which the connection is closed. */
export const httpAnswer = (status: string, type: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
