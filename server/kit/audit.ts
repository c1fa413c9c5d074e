// The audit log: who did what to which object, and from where. Written in the transaction of the action.
import type { FastifyRequest } from 'fastify';
import type { Queryable } from './db/database.ts';
import { sql } from './db/sql.ts';

/** Who acts, and from where, as far as known. */
export interface Actor {
  workspaceId: string | undefined;
  kind: 'person' | 'api_key' | 'nobody' | 'system';
  /** A UUID. */
  id: string | undefined;
  /** The caller's IP address. */
  address: string | undefined;
  requestId: string | undefined;
}

export interface AuditedAction {
  /** `<thing>.<past participle>`, such as `api_key.created`. */
  action: string;
  /** The object: the kind of its id, and the UUID. */
  target?: { kind: string; id: string } | undefined;
  /** More details. Never a secret, a phone number or message text. */
  detail?: Record<string, unknown> | undefined;
}

/** Writes an audit entry; entries cannot be changed. */
export async function audit(tx: Queryable, actor: Actor, auditedAction: AuditedAction): Promise<void> {
  await tx.query(sql`insert into audit_entry (workspace_id, at, actor_kind, actor_id, action, target_kind, target_id, address, request_id, detail)
    values (${actor.workspaceId ?? null}, clock_timestamp(), ${actor.kind}, ${actor.id ?? null}, ${auditedAction.action}, ${auditedAction.target?.kind ?? null},
      ${auditedAction.target?.id ?? null}, ${actor.address ?? null}, ${actor.requestId ?? null}, ${JSON.stringify(auditedAction.detail ?? {})})`);
}

/** The actor of a request: its caller, or nobody known. */
export const actorOf = (request: FastifyRequest): Actor => ({
  workspaceId: request.caller?.workspaceId,
  kind: request.caller?.kind ?? 'nobody',
  id: request.caller?.id,
  address: request.ip,
  requestId: request.id,
});
