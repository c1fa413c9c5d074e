// The origin of a request.
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../kit/audit.ts';
import { networkOf } from '../../kit/net/network.ts';

export interface From {
  address: string;
  /** The network that failures and requests are counted by. */
  network: string;
  userAgent: string | undefined;
  requestId: string;
}

export const fromOf = (request: FastifyRequest): From => ({
  address: request.ip,
  network: networkOf(request.ip),
  userAgent: request.headers['user-agent'],
  requestId: request.id,
});

/** The audit actor of such a request: a person, or nobody known. */
export const actorFrom = (from: From, personId?: string, workspaceId?: string | null): Actor => ({
  workspaceId: workspaceId ?? undefined,
  kind: personId === undefined ? 'nobody' : 'person',
  id: personId,
  address: from.address,
  requestId: from.requestId,
});
