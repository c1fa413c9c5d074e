// Merges contacts that turned out to be one person.
import { audit } from '../../kit/audit.ts';
import type { Database } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';

const mergesAtOnce = 20;

/** Merges some of the contacts that are due, each pair in its own transaction. Returns whether there may be more. */
export async function mergeDueContacts(db: Database, now: Date | null): Promise<boolean> {
  const pairs = await db.query<{ contact_id: string; other_id: string; workspace_id: string }>(sql`
    select contact_id, other_id, workspace_id from contact_merge where due_at <= clock(${now})
    order by due_at limit ${mergesAtOnce}`);
  for (const { contact_id: contact, other_id: other, workspace_id: workspaceId } of pairs)
    await db.transaction(async tx => {
      const [merged] = await tx.query<{ outcome: string; kept: string; lost: string }>(
        sql`select * from merge_contacts(${now}, ${contact}, ${other})`,
      );
      if (merged?.outcome !== 'merged') return;
      const about = JSON.stringify({ contact_id: merged.kept, merged_contact_id: merged.lost });
      await tx.query(sql`select append_event(${workspaceId}, 'contact.merged', null, ${about}::jsonb, clock(${now}))`);
      const detail = { merged_contact_id: toId('contact', merged.lost) };
      const actor = { kind: 'system', id: undefined, address: undefined, requestId: undefined, workspaceId } as const;
      await audit(tx, actor, { action: 'contact.merged', target: { kind: 'contact', id: merged.kept }, detail });
    });
  return pairs.length === mergesAtOnce;
}
