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
  /** Why, in the caller's words. An erasure deletes it; the entry stays and says only that there was one. */
  reason?: string | undefined;
}

/** Writes an audit entry; entries cannot be changed. */
export async function audit(tx: Queryable, actor: Actor, auditedAction: AuditedAction): Promise<void> {
  const { reason } = auditedAction;
  const detail = { ...auditedAction.detail, ...(reason !== undefined && { has_reason: true }) };
  const [entry] = await tx.query<{
    id: number;
  }>(sql`insert into audit_entry (workspace_id, at, actor_kind, actor_id, action, target_kind, target_id, address, request_id, detail)
    values (${actor.workspaceId ?? null}, clock_timestamp(), ${actor.kind}, ${actor.id ?? null}, ${auditedAction.action}, ${auditedAction.target?.kind ?? null},
      ${auditedAction.target?.id ?? null}, ${actor.address ?? null}, ${actor.requestId ?? null}, ${JSON.stringify(detail)}) returning id`);
  if (reason === undefined || !entry) return;
  // The events of this transaction tell whom the action was about.
  await tx.query(sql`insert into audit_reason (entry, workspace_id, contacts, reason)
    select ${entry.id}, ${actor.workspaceId ?? null}, array(
      select distinct coalesce(m.contact_id, (e.data ->> 'contact_id')::uuid) from logged_event e left join message m on m.id = e.message_id
      where e.xid = pg_current_xact_id() and (m.contact_id is not null or e.data ? 'contact_id')), ${reason}`);
}

/** Deletes the reasons of actions that were about one of these contacts. */
export async function forgetReasons(tx: Queryable, workspaceId: string, contacts: string[]): Promise<void> {
  await tx.query(sql`delete from audit_reason where workspace_id = ${workspaceId} and contacts && ${contacts}::uuid[]`);
}

/** The reasons of actions that were about one of these contacts, for an export of a person. */
export async function reasonsAbout(
  db: Queryable,
  workspaceId: string,
  contacts: string[],
): Promise<{ action: string; reason: string; at: Date }[]> {
  return db.query(sql`select e.action, r.reason, e.at from audit_reason r join audit_entry e on e.id = r.entry
    where r.workspace_id = ${workspaceId} and r.contacts && ${contacts}::uuid[] order by e.id`);
}

/** The actor of a request: its caller, or nobody known. */
export const actorOf = (request: FastifyRequest): Actor => ({
  workspaceId: request.caller?.workspaceId,
  kind: request.caller?.kind ?? 'nobody',
  id: request.caller?.id,
  address: request.ip,
  requestId: request.id,
});
