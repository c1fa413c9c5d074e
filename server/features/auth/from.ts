// Where a request comes from.
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../kit/audit.ts';
import { networkOf } from '../../kit/net/network.ts';

export interface From {
  address: string;
  /** What the address is counted by, where it fails or asks too often. */
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

/** A person who comes from there, or nobody that we know. */
export const actorFrom = (from: From, personId?: string, workspaceId?: string | null): Actor => ({
  workspaceId: workspaceId ?? undefined,
  kind: personId === undefined ? 'nobody' : 'person',
  id: personId,
  address: from.address,
  requestId: from.requestId,
});
