// Merges contacts of one person: found by the channel, or chosen by somebody.
import { type Actor, audit } from '../../kit/audit.ts';
import { call } from '../../kit/db/call.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';

const mergesAtOnce = 20;

export interface MergeRequest {
  workspaceId: string;
  contact: string;
  other: string;
  /** Whom somebody chose to keep; undefined for the one that was there first. */
  kept?: string;
  /** The values that the kept one takes from the other, though it has some. */
  take?: readonly string[];
}

/** Merges two contacts and tells of it. busy: a call to one of them is under way. gone: one of them was deleted. */
export async function mergeContacts(
  tx: Queryable,
  { workspaceId, contact, other, kept, take = [] }: MergeRequest,
  actor: Actor,
  now: Date | null,
): Promise<'merged' | 'busy' | 'gone'> {
  const args = { p_now: now, p_contact: contact, p_other: other, p_kept: kept ?? null, p_take: [...take] };
  const [merged] = await call(tx, 'merge_contacts', args);
  if (merged?.outcome === 'busy') return 'busy';
  if (merged?.outcome !== 'merged' || !merged.kept || !merged.lost) return 'gone';
  const about = JSON.stringify({ contact_id: merged.kept, merged_contact_id: merged.lost });
  await tx.query(sql`select append_event(${workspaceId}, 'contact.merged', null, ${about}::jsonb, clock(${now}))`);
  const detail = { merged_contact_id: toId('contact', merged.lost), ...(take.length > 0 && { taken: take }) };
  await audit(tx, actor, { action: 'contact.merged', target: { kind: 'contact', id: merged.kept }, detail });
  return 'merged';
}

/** Merges some of the contacts that are due, each pair in its own transaction. Returns whether there may be more. */
export async function mergeDueContacts(db: Database, now: Date | null): Promise<boolean> {
  const pairs = await db.query<{ contact_id: string; other_id: string; workspace_id: string }>(sql`
    select contact_id, other_id, workspace_id from contact_merge where due_at <= clock(${now})
    order by due_at limit ${mergesAtOnce}`);
  for (const { contact_id: contact, other_id: other, workspace_id: workspaceId } of pairs) {
    const actor = { kind: 'system', id: undefined, address: undefined, requestId: undefined, workspaceId } as const;
    await db.transaction(tx => mergeContacts(tx, { workspaceId, contact, other }, actor, now));
  }
  return pairs.length === mergesAtOnce;
}
