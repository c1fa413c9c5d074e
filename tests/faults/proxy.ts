// A proxy for PostgreSQL that cuts connections between a COMMIT and its response.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What to cut: a statement by its name in the request, or any statement. */
const targets = [
  'accept_messages',
  'claim_messages',
  'record_outcomes',
  'apply_receipts',
  'inbound_payload',
  'commit',
  '',
] as const;
export type Target = (typeof targets)[number];
export const cutTargets: readonly Target[] = targets;

/**
 * When to cut: after PostgreSQL's complete response, none of which is passed on; as soon as the request is passed on;
 * or before it. In the last case the request arrives later, when nobody waits for its response.
 */
export type Manner = 'answered' | 'taken' | 'late';

export interface DatabaseProxy {
  port: number;
  /** Cuts the connections of the next `times` requests with this target. */
  arm(target: Target, times: number, manner: Manner): void;
  /** Passes on delayed requests; settles when PostgreSQL has answered them. */
  passLate(): Promise<void>;
  disarm(): void;
  /** How many connections were cut since the start. */
  cuts(): number;
  /** Cuts all current connections, and returns how many. */
  cutAll(): number;
  close(): Promise<void>;
}

/** The end of a response: ReadyForQuery, outside or inside a transaction. */
const isComplete = (tail: Buffer) => tail.length === 6 && tail[0] === 0x5a && tail.readUInt32BE(1) === 5;

/** Listens on loopback, and forwards to a PostgreSQL socket. */
export async function startProxy(path: string): Promise<DatabaseProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let armed: { target: Target; left: number; manner: Manner } | undefined;
  let cuts = 0;
  const late: (() => Promise<void>)[] = [];

  function take(request: Buffer): boolean {
    if (!armed || armed.left === 0) return false;
    // Requests begin with Q (simple) or P (parse); other messages are no statements.
    if (request[0] !== 0x51 && request[0] !== 0x50) return false;
    if (!request.includes(armed.target)) return false;
    armed.left--;
    cuts++;
    return true;
  }

  const server = createServer(client => {
    const upstream = connect(path);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    let withheld = false;
    let tail = Buffer.alloc(0);
    const cut = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', request => {
      if (!withheld && take(request)) {
        withheld = true;
        if (armed?.manner === 'late') {
          client.off('close', cut).destroy();
          late.push(async () => {
            upstream.write(request);
            await once(upstream, 'close');
          });
          return;
        }
        if (armed?.manner === 'taken') {
          // PostgreSQL reads the socket's buffer before it sees the end.
          upstream.write(request, cut);
          return;
        }
      }
      if (!upstream.write(request)) {
        client.pause();
        upstream.once('drain', () => client.resume());
      }
    });
    upstream.on('data', answer => {
      if (!withheld) {
        client.write(answer);
        return;
      }
      tail = Buffer.concat([tail, answer]).subarray(-6);
      if (isComplete(tail)) cut();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };

  const cutAll = () => {
    const count = pairs.size;
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
    pairs.clear();
    cuts += count;
    return count;
  };
  return {
    port,
    arm(target, times, manner) {
      armed = { target, left: times, manner };
    },
    async passLate() {
      await Promise.all(late.splice(0).map(pass => pass()));
    },
    disarm() {
      armed = undefined;
    },
    cuts: () => cuts,
    cutAll,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
  };
}
