// The tables message and idempotency: accepting messages.
import type { MessageContent, MessageType, WarningCode, WindowChoice } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { attemptToken, newUuid } from '../../kit/ids.ts';
import type { ClaimedMessage, Offer } from './direct-send.ts';
import type { Target } from './target-store.ts';
import type { TemplateCategory } from './window-and-opt-outs.ts';

export interface AcceptRequest {
  id: string;
  workspaceId: string;
  accountId: string;
  /** The Idempotency-Key as `storedKey` gives it. */
  key: string | undefined;
  /** What tells the same request from another one with this key; undefined without a key. */
  hash: Buffer | undefined;
  address: string;
  priority: number;
  type: MessageType;
  content: MessageContent<MessageType>;
  /** Undefined for a message of Recado itself. */
  createdBy: Pick<Caller, 'kind' | 'id' | 'name'> | undefined;
  sendAt: string | undefined;
  expiresAt: string | undefined;
  validForS: number | undefined;
  onUnknown: string | undefined;
  /** What happens outside of the 24-hour window; undefined for the account's choice, send for what needs no window. */
  onWindowClosed: WindowChoice | undefined;
  /** The category of a template, as WhatsApp classes it. */
  category: TemplateCategory | undefined;
  batchId: string | undefined;
  reference: string | undefined;
  metadata: Record<string, string> | undefined;
  /** The UUID of the file of ours that it carries. */
  mediaId: string | undefined;
  /** The message that it quotes or reacts to: its id here, and the channel's. */
  context: Target | undefined;
  /** The campaign that it is of. */
  campaignId?: string | undefined;
  /** The newest message or note that its writer has seen; undefined where nobody asks. */
  seenId?: string | undefined;
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
  /** It has begun in the same COMMIT. */
  claimed: boolean;
  warnings: WarningCode[] | null;
  phone_number_id: string;
  channel: string;
  retry_attempts: number;
  retry_delay_ms: number;
  outcome:
    | 'accepted'
    | 'replayed'
    | 'mismatch'
    | 'account_not_found'
    | 'account_not_connected'
    | 'daily_limit_reached'
    | 'queue_full'
    | 'expired'
    | 'file_gone'
    | 'opted_out'
    | 'consent_missing'
    | 'spend_cap_reached'
    | 'window_closed'
    | 'conversation_changed';
};

/**
 * Stores a batch of messages in one call and one COMMIT; a result a request, in order. With an offer, what may leave at once
 * is claimed in it.
 */
export async function acceptBatch(
  db: Queryable,
  requests: AcceptRequest[],
  again: boolean,
  offer: Offer | undefined,
  now: Date | null,
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
    p_created_by: column(r => r.createdBy?.id ?? null),
    p_send_at: column(r => r.sendAt ?? null),
    p_expires_at: column(r => r.expiresAt ?? null),
    p_valid_for: column(r => r.validForS ?? null),
    p_on_unknown: column(r => r.onUnknown ?? null),
    p_on_window: column(r => r.onWindowClosed ?? null),
    p_category: column(r => r.category ?? null),
    p_batch: column(r => r.batchId ?? null),
    p_reference: column(r => r.reference ?? null),
    p_metadata: column(r => (r.metadata ? JSON.stringify(r.metadata) : null)),
    p_media: column(r => r.mediaId ?? null),
    p_context: column(r => (r.context ? JSON.stringify(r.context) : null)),
    p_campaign: column(r => r.campaignId ?? null),
    p_seen: column(r => r.seenId ?? null),
    p_routes: [...(offer?.routes ?? [])],
    p_runner: offer?.runner ?? '',
    p_lease: `${offer?.leaseSeconds ?? 0} seconds`,
  });
  return rows as Acceptance[];
}

/** Those of a batch that are to be called for. */
export const claimedOf = (requests: AcceptRequest[], acceptances: Acceptance[]): ClaimedMessage[] =>
  acceptances.flatMap((acceptance, index) => {
    const request = requests[index];
    if (!request || !acceptance.claimed) return [];
    const { expires_at: end, created_at: begin } = acceptance;
    return {
      account_id: request.accountId,
      message_id: acceptance.message_id,
      token: attemptToken(acceptance.message_id, 1),
      phone_number_id: acceptance.phone_number_id,
      channel: acceptance.channel,
      address: request.address,
      type: request.type,
      content: request.content,
      context: request.context ?? null,
      failed_attempts: 0,
      number: 1,
      retry_attempts: acceptance.retry_attempts,
      retry_delay_ms: acceptance.retry_delay_ms,
      expires_in_ms: end && Math.min(end.getTime() - begin.getTime(), 86_400_000),
    };
  });

/** Whether a request was accepted before: with its key (see `storedKey`) in the last 24 hours, or as this item of a batch. */
export async function wasAccepted(
  db: Queryable,
  { workspaceId, id, key }: Pick<AcceptRequest, 'workspaceId' | 'id' | 'key'>,
  now: Date | null,
): Promise<boolean> {
  const rows = await db.query(sql`select 1 from message where id = ${id}
    union all select 1 from idempotency where workspace_id = ${workspaceId} and operation = 'messages.create'
      and key = ${key ?? null} and created_at >= clock(${now}) - interval '24 hours'`);
  return rows.length > 0;
}
