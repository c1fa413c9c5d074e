// The tables message and idempotency: accepting messages.
import type { MessageType } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';

export interface AcceptRequest {
  id: string;
  workspaceId: string;
  accountId: string;
  key: string | undefined;
  /** What tells the same request from another one with this key; undefined without a key. */
  hash: Buffer | undefined;
  address: string;
  priority: number;
  type: MessageType;
  content: Record<string, unknown>;
  createdBy: string;
  sendAt: string | undefined;
  expiresAt: string | undefined;
  validForS: number | undefined;
  onUnknown: string | undefined;
  batchId: string | undefined;
  /** The UUID of the file of ours that it carries. */
  mediaId: string | undefined;
}

export type Acceptance = {
  message_id: string;
  contact_id: string;
  conversation_id: string;
  account_phone: string;
  created_at: Date;
  send_at: Date | null;
  expires_at: Date | null;
  /** Why the account is not connected, where that is known and the reason of the refusal. */
  status_reason: string | null;
  /** When the account may send again, where the day is the reason of the refusal. */
  midnight: Date | null;
  /** Milliseconds until then. */
  midnight_in_ms: number | null;
  outcome:
    | 'accepted'
    | 'replayed'
    | 'mismatch'
    | 'account_not_found'
    | 'account_not_connected'
    | 'daily_limit_reached'
    | 'queue_full'
    | 'expired'
    | 'file_gone';
};

/**
 * Stores a batch of messages in one call and one COMMIT; a result a request, in order. Where a lock is not to be had within
 * `lockMs`, it fails and stores nothing; 0 to wait for it.
 */
export async function acceptBatch(
  db: Queryable,
  requests: AcceptRequest[],
  again: boolean,
  now: Date | null,
  lockMs = 0,
): Promise<Acceptance[]> {
  const column = <Value>(pick: (request: AcceptRequest) => Value) => requests.map(pick);
  const rows = await call(db, 'accept_messages', {
    p_again: again,
    p_now: now,
    p_workspace: column(r => r.workspaceId),
    p_account: column(r => r.accountId),
    p_key: column(r => r.key ?? null),
    p_hash: column(r => r.hash ?? null),
    p_address: column(r => r.address),
    p_priority: column(r => r.priority),
    p_type: column(r => r.type),
    p_content: column(r => JSON.stringify(r.content)),
    p_id: column(r => r.id),
    p_contact: column(() => newUuid()),
    p_conversation: column(() => newUuid()),
    p_created_by: column(r => r.createdBy),
    p_send_at: column(r => r.sendAt ?? null),
    p_expires_at: column(r => r.expiresAt ?? null),
    p_valid_for: column(r => r.validForS ?? null),
    p_on_unknown: column(r => r.onUnknown ?? null),
    p_batch: column(r => r.batchId ?? null),
    p_media: column(r => r.mediaId ?? null),
    p_lock_ms: lockMs,
  });
  return rows as Acceptance[];
}

/** Whether a request with this key was accepted in the last 24 hours, so that a repeat of it has its answer. */
export async function wasAccepted(db: Queryable, workspaceId: string, key: string, now: Date | null): Promise<boolean> {
  const rows = await db.query(sql`select 1 from idempotency
    where workspace_id = ${workspaceId} and operation = 'messages.create' and key = ${key}
      and created_at >= present(${now}) - interval '24 hours'`);
  return rows.length > 0;
}
