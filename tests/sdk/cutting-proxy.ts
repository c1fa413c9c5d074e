// A proxy that cuts each connection after a number of bytes, at any place of an answer.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Passes connections on to a port. `allowance` says after how many bytes of the answer the next connection breaks. */
export async function cuttingProxy(port: number, allowance: () => number) {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1');
    let left = allowance();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', piece => {
      const part = piece.subarray(0, left);
      left -= part.length;
      client.write(part, () => {
        if (left > 0) return;
        cuts++;
        client.destroy();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
