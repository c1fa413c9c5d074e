// The audit log: who did what to what, from where, written in the transaction of the deed.
import type { FastifyRequest } from 'fastify';
import type { Queryable } from './db/database.ts';
import { sql } from './db/sql.ts';

/** Who is at it, and from where, as far as that is known. */
export interface Actor {
  workspaceId: string | undefined;
  kind: 'person' | 'api_key' | 'nobody' | 'system';
  /** A UUID. */
  id: string | undefined;
  /** The IP address that it came from. */
  address: string | undefined;
  requestId: string | undefined;
}

export interface Deed {
  /** `<thing>.<what was done>`, in the past tense: `api_key.created`. */
  action: string;
  /** What it was done to: the kind of the id, and the UUID. */
  target?: { kind: string; id: string } | undefined;
  /** What else is worth knowing. Never a secret, a phone number or a text of a message. */
  detail?: Record<string, unknown> | undefined;
}

/** Writes into the log; nothing that is there can be changed. */
export async function audit(tx: Queryable, actor: Actor, deed: Deed): Promise<void> {
  await tx.query(sql`insert into audit_entry (workspace_id, at, actor_kind, actor_id, action, target_kind, target_id, address, request_id, detail)
    values (${actor.workspaceId ?? null}, clock_timestamp(), ${actor.kind}, ${actor.id ?? null}, ${deed.action}, ${deed.target?.kind ?? null},
      ${deed.target?.id ?? null}, ${actor.address ?? null}, ${actor.requestId ?? null}, ${JSON.stringify(deed.detail ?? {})})`);
}

/** Who is behind a request: its caller, or nobody that we know. */
export const actorOf = (request: FastifyRequest): Actor => ({
  workspaceId: request.caller?.workspaceId,
  kind: request.caller?.kind ?? 'nobody',
  id: request.caller?.id,
  address: request.ip,
  requestId: request.id,
});
