// Exports and erases a person in the tables contact, contact_address and conversation.
import type { FieldValue } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { leaveLists, listsOfContact } from '../segments/index.ts';
import { unreadCount } from './unread-store.ts';

export interface Person {
  /** The contact, and deleted contacts that had one of its addresses. */
  contacts: string[];
  /** All addresses in its contacts and messages. */
  addresses: string[];
}

/** The current addresses of a contact, and those that its conversations started and ended with. */
const addressesOf = (contactId: string) => sql`
  select value as address from contact_address where contact_id = ${contactId}
  union select e.address from conversation v cross join lateral (
    (select m.address from message m where m.conversation_id = v.id order by m.seq limit 1)
    union (select m.address from message m where m.conversation_id = v.id order by m.seq desc limit 1)) e
  where v.contact_id = ${contactId}`;

/** A hash of an address: enough to recognize it within its workspace. */
const addressHash = (workspaceId: Fragment) => sql`sha256(convert_to(concat_ws(' ', ${workspaceId}, address), 'UTF8'))`;

/** Stores the address hashes of a contact that is being deleted, so that an erasure finds it later. */
export async function rememberAddresses(tx: Queryable, workspaceId: string, contactId: string): Promise<void> {
  await tx.query(sql`insert into former_address (workspace_id, hash, contact_id)
    select c.workspace_id, ${addressHash(sql`c.workspace_id`)}, c.id from contact c, (${addressesOf(contactId)}) x
    where c.workspace_id = ${workspaceId} and c.id = ${contactId} on conflict do nothing`);
}

/**
 * Finds a contact, deleted or not, and the other contacts of the same person: those that were merged with it, and
 * those that had one of its addresses when they were deleted.
 */
export async function findPerson(db: Queryable, workspaceId: string, asked: string): Promise<Person | undefined> {
  const [contact] = await db.query<{ id: string }>(
    sql`select coalesce(merged_into, id) as id from contact where workspace_id = ${workspaceId} and id = ${asked}`,
  );
  if (!contact) return undefined;
  const contactId = contact.id;
  const [row] = await db.query<Person>(sql`
    with own as materialized (${addressesOf(contactId)}),
    before as (
      select distinct c.id from former_address f join contact c on c.id = f.contact_id
      where f.workspace_id = ${workspaceId} and c.deleted_at is not null and c.id <> ${contactId} and f.hash = any (array(
        select ${addressHash(sql`${workspaceId}::uuid`)} from own union select hash from former_address where contact_id = ${contactId})))
    select array(select ${contactId}::uuid union select id from before union select id from contact
        where merged_into = any (array(select ${contactId}::uuid union select id from before))) as contacts, array(select address from own) as addresses`);
  return row;
}

/** Whether some of these contacts were merged with others, or are about to be. The caller has locked them. */
export async function areMerging(tx: Queryable, workspaceId: string, contacts: string[]): Promise<boolean> {
  const rows = await tx.query(sql`
    select 1 from contact_merge where workspace_id = ${workspaceId}
      and (contact_id = any (${contacts}::uuid[]) or other_id = any (${contacts}::uuid[]))
    union all select 1 from contact where workspace_id = ${workspaceId}
      and id = any (${contacts}::uuid[]) and merged_into <> all (${contacts}::uuid[])
    union all select 1 from contact where workspace_id = ${workspaceId}
      and merged_into = any (${contacts}::uuid[]) and id <> all (${contacts}::uuid[])`);
  return rows.length > 0;
}

/** Hides contacts from every list and removes names and addresses. Returns how many addresses were removed. */
export async function blankContacts(tx: Queryable, workspaceId: string, contacts: string[]): Promise<number> {
  await tx.query(
    sql`select 1 from contact where workspace_id = ${workspaceId} and id = any (${contacts}::uuid[]) order by id for update`,
  );
  await tx.query(sql`update contact set name = null, unreachable_at = null, reference = null, metadata = null, language = null,
      fields = null, field_sources = null, deleted_at = coalesce(deleted_at, clock_timestamp()), updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = any (${contacts}::uuid[])`);
  await tx.query(
    sql`delete from contact_label where workspace_id = ${workspaceId} and contact_id = any (${contacts}::uuid[])`,
  );
  await leaveLists(tx, workspaceId, contacts);
  await tx.query(
    sql`delete from former_address where workspace_id = ${workspaceId} and contact_id = any (${contacts}::uuid[])`,
  );
  const rows = await tx.query(
    sql`delete from contact_address where workspace_id = ${workspaceId} and contact_id = any (${contacts}::uuid[]) returning 1`,
  );
  return rows.length;
}

/**
 * Locks the conversations of contacts without addresses, and returns them; undefined if messages are left. A writer
 * that stores a message meanwhile holds the conversation until it is stored.
 */
export async function lockEmptied(
  tx: Queryable,
  workspaceId: string,
  contacts: string[],
): Promise<string[] | undefined> {
  const rows = await tx.query<{ id: string }>(sql`select id from conversation
    where workspace_id = ${workspaceId} and contact_id = any (${contacts}::uuid[]) order by id for update`);
  const ids = rows.map(row => row.id);
  const left = await tx.query(sql`select 1 from message where conversation_id = any (${ids}::uuid[]) limit 1`);
  return left.length > 0 ? undefined : ids;
}

/** Deletes conversations that the caller locked. */
export async function dropConversations(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query(sql`delete from conversation where id = any (${ids}::uuid[])`);
}

export interface ContactExport {
  id: string;
  name: string | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  language: string | null;
  fields: Record<string, FieldValue> | null;
  field_sources: Record<string, object> | null;
  labels: string[];
  lists: string[];
  addresses: { kind: string; value: string }[];
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

export interface ConversationExport {
  id: string;
  account_id: string;
  contact_id: string;
  labels: string[];
  unread_count: number;
  message_counts: { outbound: number; inbound: number };
  created_at: Date;
  last_message_at: Date;
  last_received_at: Date | null;
}

/** The contacts of a person and their conversations, with all data. */
export async function exportContacts(
  db: Queryable,
  workspaceId: string,
  contacts: string[],
): Promise<{ contacts: ContactExport[]; conversations: ConversationExport[] }> {
  return {
    contacts: await db.query<ContactExport>(sql`
      select c.id, c.name, c.reference, c.metadata, c.language, c.fields, c.field_sources,
        array(select l.name from contact_label x join label l on l.id = x.label_id where x.contact_id = c.id order by l.name) as labels,
        ${listsOfContact} as lists,
        coalesce((select jsonb_agg(jsonb_build_object('kind', x.kind, 'value', x.value) order by x.kind, x.value)
          from contact_address x where x.contact_id = c.id), '[]') as addresses, c.created_at, c.updated_at, c.deleted_at
      from contact c where c.workspace_id = ${workspaceId} and c.id = any (${contacts}::uuid[]) order by c.id`),
    conversations: await db.query<ConversationExport>(sql`
      select id, account_id, contact_id, array(select l.name from conversation_label x join label l on l.id = x.label_id
          where x.conversation_id = conversation.id order by l.name) as labels, ${unreadCount} as unread_count,
        json_build_object('outbound', sent_count, 'inbound', received_count) as message_counts, created_at, last_message_at, last_received_at
      from conversation where workspace_id = ${workspaceId} and contact_id = any (${contacts}::uuid[]) order by id`),
  };
}
