// Connections to Meta's Cloud API, and which failures prove that no byte of a request was written.
import type { ConnectionOptions } from 'node:tls';
import { Agent, buildConnector } from 'undici';

/**
 * Errors raised by the connector itself. An established connection can fail with the same codes, TLS codes above all.
 */
const ofConnecting = new WeakSet<Error>();

/** Returns the connection pool for Meta. Tests pass other connect `options`. */
export function openAgent(options: Pick<ConnectionOptions, 'ca' | 'lookup'> = {}): Agent {
  const connect = buildConnector({ timeout: 5_000, ...options });
  return new Agent({
    // One connection per call, without a limit. A call queued here could reach its deadline unsent, and we could not
    // tell. If the system has no more sockets, the connect fails, which proves that nothing was sent.
    pipelining: 1,
    keepAliveTimeout: 4_000,
    connect: (where, callback) =>
      connect(where, (...made) => {
        const [error] = made;
        if (error) ofConnecting.add(error);
        callback(...made);
      }),
  });
}

/** Whether the call failed while connecting: in DNS, TCP or the TLS handshake. */
export const neverConnected = (error: unknown): boolean => error instanceof Error && ofConnecting.has(error);
