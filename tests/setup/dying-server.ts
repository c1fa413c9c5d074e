// A proxy before PostgreSQL that ends connections as a dying server does: FATAL comes in the packet of an answer.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DyingServer {
  /** The database's URL through the proxy. */
  url: string;
  /** Ends all connections, and each of the next ones with its first answer. */
  die(newConnections: number): void;
  /** Ends the connections of the next answers. */
  end(answers: number): void;
  /** The number of connections that were ended so. */
  ended(): number;
  close(): Promise<void>;
}

const field = (name: string, value: string) => Buffer.from(`${name}${value}\0`);

/** `FATAL: terminating connection due to administrator command`, as the protocol writes it. */
const fatal = (() => {
  const body = Buffer.concat([
    field('S', 'FATAL'),
    field('V', 'FATAL'),
    field('C', '57P01'),
    field('M', 'terminating connection due to administrator command'),
    Buffer.from([0]),
  ]);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
})();

/** ReadyForQuery ends each answer: the letter Z, the length 5, and the state of the transaction. */
const endsAnAnswer = (bytes: Buffer) =>
  bytes.length >= 6 && bytes.subarray(-6, -1).equals(Buffer.from('Z\0\0\0\u0005'));

/** Starts the proxy for the database of `url`, whose parameter `host` may name the folder of a socket. */
export async function startDyingServer(url: string): Promise<DyingServer> {
  const real = new URL(url);
  const host = real.searchParams.get('host') ?? real.hostname;
  const port = Number(real.port || 5432);
  const open = new Set<Socket>();
  let answersLeft = 0;
  let newLeft = 0;
  let ended = 0;
  const server = createServer(client => {
    let dies = newLeft > 0;
    if (dies) newLeft--;
    const database = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database);
    database.on('data', bytes => {
      if (!(dies || answersLeft > 0) || !endsAnAnswer(bytes)) return void client.write(bytes);
      if (dies) dies = false;
      else answersLeft--;
      ended++;
      client.end(Buffer.concat([bytes, fatal]));
      database.destroySoon();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  real.searchParams.delete('host');
  real.hostname = '127.0.0.1';
  real.port = String((server.address() as AddressInfo).port);
  return {
    url: real.href,
    die(newConnections) {
      newLeft = newConnections;
      for (const socket of open) socket.destroy();
    },
    end(answers) {
      answersLeft += answers;
    },
    ended: () => ended,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}
