// Listens on a configured address, and explains failures in one sentence.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../../kit/start-error.ts';

export interface Place {
  port: number;
  host: string;
  /** The names of the settings. */
  names: { port: string; host: string };
}

type Listening = Pick<FastifyInstance, 'listen' | 'server'>;

/** @throws StartError that names the setting to change */
export async function listenAt(server: Listening, { port, host, names }: Place): Promise<void> {
  try {
    await server.listen({ port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(
        `Port ${port} of ${host} is in use: stop what uses it, or set ${names.port} to another one.`,
      );
    if (code === 'EACCES')
      throw new StartError(`Port ${port} is not allowed for this user: set ${names.port} to one above 1023.`);
    if (/^(EADDRNOTAVAIL|EAFNOSUPPORT|EINVAL|ENOTFOUND|EAI_\w+)$/.test(code ?? ''))
      throw new StartError(
        `${names.host} ${host} is not an address of this machine: set ${names.host} to one that is, like 127.0.0.1.`,
      );
    throw error;
  }
}

/** The URL of a server as this machine reaches it. */
export function localUrl(server: Listening, host: string): string {
  const { port } = server.server.address() as AddressInfo;
  return `http://${hostInUrl(host)}:${port}`;
}

const hostInUrl = (host: string) =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
