// Merges contacts that turned out to be one person.
import { z } from 'zod';
import { audit } from '../../kit/audit.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { toId } from '../../kit/ids.ts';
import { asDialled } from '../../kit/text/phone.ts';
import type { Address } from '../../ports/channel.ts';
import type { NoticeHandler } from './inbound-store.ts';

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

/** Leads new addresses of a person to the contact that had one of the former ones. */
export async function followPerson(
  tx: Queryable,
  workspaceId: string,
  former: Address[],
  next: { phone: string | undefined; userId: string | undefined },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select follow_person(clock(${now}), ${workspaceId}, ${former.map(({ kind }) => kind)}::text[],
    ${former.map(({ value }) => value)}::text[], ${next.phone ?? null}, ${next.userId ?? null})`);
}

interface Known {
  workspaceId: string;
  phone: string;
  userId: string;
}

/** Adds user ids to the contacts with these numbers. */
export async function addUserIds(tx: Queryable, known: Known[], now: Date | null): Promise<void> {
  if (known.length === 0) return;
  await tx.query(sql`select add_aliases(clock(${now}), ${known.map(each => each.workspaceId)}::uuid[],
    ${known.map(each => each.phone)}::text[], ${known.map(each => each.userId)}::text[], '{}', '{}')`);
}

interface OneOfTwo {
  workspaceId: string;
  phone: string;
  userId: string;
  name: string | undefined;
}

/** Leads both addresses of people to one contact, as far as a contact has one of them. Nobody gets a new contact. */
export async function joinPeople(tx: Queryable, people: OneOfTwo[], now: Date | null): Promise<void> {
  if (people.length === 0) return;
  await tx.query(sql`select join_people(clock(${now}), ${people.map(each => each.workspaceId)}::uuid[],
    ${people.map(each => each.phone)}::text[], ${people.map(each => each.userId)}::text[], ${people.map(each => each.name ?? null)}::text[])`);
}

const userIdUpdates = z.object({ user_id_update: z.array(z.unknown()) });
const userIdUpdate = z.object({
  wa_id: z
    .string()
    .regex(/^\+?\d{5,20}$/)
    .optional(),
  user_id: z.object({ previous: z.string().optional(), current: z.string().min(1) }),
});

/** People with other user ids. A part without ids changes nothing: the notice keeps it. */
export const followUserIds: NoticeHandler = async (tx, notices, now) => {
  for (const { field, value, workspaceId } of notices) {
    if (field !== 'user_id_update') continue;
    const { user_id_update: updates = [] } = userIdUpdates.safeParse(value).data ?? {};
    for (const update of updates) {
      const { user_id: id, wa_id: digits } = userIdUpdate.safeParse(update).data ?? {};
      if (!id) continue;
      const { previous, current: userId } = id;
      if (previous !== undefined)
        await followPerson(tx, workspaceId, [{ kind: 'bsuid', value: previous }], { phone: undefined, userId }, now);
      const phone = digits && asDialled(`+${digits.replace(/^\+/, '')}`);
      if (phone) await addUserIds(tx, [{ workspaceId, phone, userId }], now);
    }
  }
};
