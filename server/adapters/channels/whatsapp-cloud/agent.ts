// The connections to Meta's Cloud API, and which failures were of making one, so that no byte of a request was written.
import type { ConnectionOptions } from 'node:tls';
import { Agent, buildConnector } from 'undici';

/** The errors that the connector itself has told. The same codes, those of TLS above all, come from made connections too. */
const ofConnecting = new WeakSet<Error>();

/** Opens the connections. Other `options` of connecting are for tests. */
export function openAgent(options: Pick<ConnectionOptions, 'ca' | 'lookup'> = {}): Agent {
  const connect = buildConnector({ timeout: 5_000, ...options });
  return new Agent({
    // As many connections as calls, without a bound: one that waited here would run into its deadline unsent, and nobody
    // could tell. Where the system has no more of them, a call fails as it connects.
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

/** Whether a call failed as no connection could be made: in looking up the name, in connecting, or in agreeing on TLS. */
export const neverConnected = (error: unknown): boolean => error instanceof Error && ofConnecting.has(error);
