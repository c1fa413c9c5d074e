// A server on loopback that a test starts and stops, including its open connections.
import type { Server } from 'node:net';

export interface LocalServer {
  port: number;
  close(): Promise<void>;
}

/** Starts any kind of server on a free port of loopback. */
export async function listenLocally(server: Server): Promise<LocalServer> {
  const open = new Set<import('node:net').Socket>();
  server.on('connection', socket => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.');
  return {
    port: address.port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
