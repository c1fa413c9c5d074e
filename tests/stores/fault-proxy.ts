// A proxy between a store's adapter and its server that passes bytes on, and plays one fault on request.
import { connect, createServer, type Socket } from 'node:net';
import { type LocalServer, listenLocally } from './local-server.ts';

export type Harm =
  | { kind: 'none' }
  /** Accepts connections and never responds. */
  | { kind: 'silent' }
  /** Responds to `times` requests itself with `text`, and passes the others on. */
  | { kind: 'answer'; text: string; times: number }
  /** Cuts `times` connections after this many bytes to the server. */
  | { kind: 'cut_up'; after: number; times: number }
  /** Cuts `times` connections after this many bytes from the server. */
  | { kind: 'cut_down'; after: number; times: number };

export interface FaultProxy extends LocalServer {
  set(harm: Harm): void;
  /** How many connections there have been. */
  connections(): number;
  /** How many bytes went to the server. */
  bytesUp(): number;
  /** How many requests the proxy answered. */
  answered(): number;
}

/** Starts a proxy for a port on loopback. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  let harm: Harm = { kind: 'none' };
  let connections = 0;
  let bytesUp = 0;
  let answered = 0;
  let left = 0;

  function pass(client: Socket): void {
    let mine = harm;
    let up = 0;
    let down = 0;
    // A kept connection is affected like a new one.
    const look = () => {
      if (mine === harm) return;
      mine = harm;
      up = 0;
      down = 0;
    };
    const upstream = connect(target, '127.0.0.1');
    const end = () => {
      client.resetAndDestroy();
      upstream.destroy();
    };
    const cut = (kind: Harm['kind'], passed: number) => {
      if (mine.kind !== kind || !('after' in mine) || passed < mine.after || left <= 0) return false;
      left -= 1;
      end();
      return true;
    };
    client.on('data', chunk => {
      look();
      if (mine.kind === 'answer' && left > 0) {
        upstream.destroy();
        answer(client, mine.text);
        return;
      }
      up += chunk.length;
      bytesUp += chunk.length;
      if (!cut('cut_up', up) && !upstream.write(chunk)) client.pause();
    });
    upstream.on('drain', () => client.resume());
    upstream.on('data', chunk => {
      look();
      down += chunk.length;
      if (!cut('cut_down', down) && !client.write(chunk)) upstream.pause();
    });
    client.on('drain', () => upstream.resume());
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      if (!client.writableEnded) client.destroy();
    });
    upstream.on('error', end);
  }

  function answer(client: Socket, text: string): void {
    left -= 1;
    answered += 1;
    client.removeAllListeners('data');
    // Read the rest of the request, so that closing does not look like a broken connection.
    client.resume();
    client.end(text);
  }

  const server = createServer(client => {
    connections += 1;
    if (harm.kind === 'silent') {
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

/** A complete HTTP response, after which the connection is closed. */
export const httpAnswer = (status: string, type: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
