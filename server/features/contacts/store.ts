// The tables contact and contact_address.
import type { FieldSource, FieldValue } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Address } from '../../ports/channel.ts';
import { leaveLists } from '../segments/index.ts';
import { rememberAddresses } from './erase-store.ts';
import type { FieldChange } from './field.ts';
import { labelsOfContact, type ShownLabelRow } from './label-store.ts';
import { unreadCount } from './unread-store.ts';

export interface ContactRow {
  id: string;
  name: string | null;
  phone: string | null;
  other_phones: string[];
  /** The channel's id of the person. */
  user_id: string | null;
  username: string | null;
  /** The id of the person for all businesses of the parent company. */
  parent_user_id: string | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  language: string | null;
  fields: Record<string, FieldValue> | null;
  /** By key, with UUIDs. */
  field_sources: Record<string, Omit<FieldSource, 'name'>> | null;
  import_id: string | null;
  labels: ShownLabelRow[];
  sort_name: string;
  opted_out: 'marketing' | 'all' | null;
  unreachable_at: Date | null;
  last_message_at: Date | null;
  /** The same time with microseconds, for the cursor. */
  sorted_by: string | null;
  unread_count: number;
  outbound: number;
  inbound: number;
  created_at: Date;
  updated_at: Date;
}

/** The newest address of a kind. */
const newestOf = (kind: string) =>
  sql`(select x.value from contact_address x where x.contact_id = c.id and x.kind = ${kind} order by x.number desc limit 1)`;
export const addresses = sql`${newestOf('phone')} as phone, coalesce(${newestOf('bsuid')}, ${newestOf('lid')}) as user_id, ${newestOf('username')} as username`;

const otherPhones = sql`array(select x.value from contact_address x where x.contact_id = c.id and x.kind = 'phone'
  order by x.number desc offset 1)`;

export const columns = sql`c.id, c.name, ${addresses}, ${otherPhones} as other_phones, c.language, c.fields, c.field_sources, c.import_id,
  ${labelsOfContact} as labels, c.sort_name, ${newestOf('parent_bsuid')} as parent_user_id, c.reference, c.metadata, c.created_at, c.updated_at, c.unreachable_at,
  (select o.category from opt_out o where o.contact_id = c.id order by o.category limit 1) as opted_out, v.last_message_at,
  to_char(v.last_message_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by,
  coalesce(v.unread_count, 0) as unread_count, coalesce(v.outbound, 0) as outbound, coalesce(v.inbound, 0) as inbound`;

export const conversationSums = sql`select max(last_message_at) as last_message_at, sum(${unreadCount})::bigint as unread_count,
    sum(sent_count)::bigint as outbound, sum(received_count)::bigint as inbound
  from conversation where contact_id = c.id`;

export async function findContact(db: Queryable, workspaceId: string, id: string): Promise<ContactRow | undefined> {
  const [row] =
    await db.query<ContactRow>(sql`select ${columns} from contact c left join lateral (${conversationSums}) v on true
    where c.workspace_id = ${workspaceId} and c.id = ${id} and c.deleted_at is null`);
  return row;
}

/** The contact that has the history of a merged one. */
export async function mergedInto(db: Queryable, workspaceId: string, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string | null }>(
    sql`select merged_into as id from contact where workspace_id = ${workspaceId} and id = ${id}`,
  );
  return row?.id ?? undefined;
}

/** The contact with a number in E.164. */
export async function findByPhone(db: Queryable, workspaceId: string, e164: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(sql`select contact_id as id from contact_address
    where workspace_id = ${workspaceId} and kind = 'phone' and value = ${e164}`);
  return row?.id;
}

/** The contact with this id, if it is there and not deleted. */
export async function findContactId(db: Queryable, workspaceId: string, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    sql`select id from contact where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null`,
  );
  return row?.id;
}

/** The contact with a number in E.164, made if there is none. */
export async function contactForNumber(tx: Queryable, workspaceId: string, e164: string): Promise<string> {
  const known = await findByPhone(tx, workspaceId, e164);
  if (known !== undefined) return known;
  const id = newUuid();
  await insertContact(tx, workspaceId, id, {});
  const owner = await setPhone(tx, workspaceId, id, e164);
  if (owner !== undefined) await tx.query(sql`delete from contact where id = ${id}`);
  return owner ?? id;
}

/** Makes the contact of a person whom no contact has, or adds the address that their contact lacks. */
export async function ensurePerson(
  tx: Queryable,
  workspaceId: string,
  { phone, userId }: { phone: string | undefined; userId: string | undefined },
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select ensure_people(clock(${now}), array[${workspaceId}]::uuid[], array[${phone ?? null}]::text[],
    array[${userId ?? null}]::text[], array[null]::text[], array[null]::text[], array[${newUuid()}]::uuid[])`);
}

/** The address of these kinds at which to write to a contact: its phone number, or else its id at the channel. */
export async function addressOfContact(
  db: Queryable,
  workspaceId: string,
  id: string,
  kinds: readonly Address['kind'][],
): Promise<{ address: string | null } | undefined> {
  const [row] = await db.query<{ address: string | null }>(sql`select (
      select x.value from contact_address x where x.contact_id = c.id
        and x.kind = any (${[...kinds]}) order by x.kind = 'phone' desc, x.number desc limit 1) as address
    from contact c where c.workspace_id = ${workspaceId} and c.id = ${id} and c.deleted_at is null`);
  return row;
}

/** Adds a number by which the channel knows the recipient of a message, unless another contact has it. */
export async function addNumberOfRecipient(db: Queryable, messageId: string, phone: string): Promise<void> {
  await db.query(sql`insert into contact_address (workspace_id, kind, value, contact_id)
    select c.workspace_id, 'phone', ${phone}, c.id from message m join contact c on c.id = m.contact_id
    where m.id = ${messageId} and c.deleted_at is null for key share of c on conflict do nothing`);
}

/** Whether a workspace knows an address. */
export async function hasAddress(
  db: Queryable,
  workspaceId: string,
  kind: Address['kind'],
  value: string,
): Promise<boolean> {
  const rows = await db.query(
    sql`select 1 from contact_address where workspace_id = ${workspaceId} and kind = ${kind} and value = ${value}`,
  );
  return rows.length > 0;
}

/** The number of the contact with this user id, if it has one. */
export async function phoneOfUser(db: Queryable, workspaceId: string, userId: string): Promise<string | undefined> {
  const [row] = await db.query<{ value: string }>(sql`select p.value from contact_address u
    join contact_address p on p.contact_id = u.contact_id and p.kind = 'phone'
    where u.workspace_id = ${workspaceId} and u.kind = address_kind(${userId}) and u.value = ${userId} limit 1`);
  return row?.value;
}

/** The columns of a contact that callers may set; undefined for no change. */
export interface ContactChange {
  name?: string | null | undefined;
  reference?: string | null | undefined;
  metadata?: Record<string, string> | null | undefined;
  language?: string | null | undefined;
}

/** The source of values: an actor and a time. */
export interface ValueSource {
  kind: FieldSource['kind'];
  /** A UUID. */
  id: string;
}

export async function insertContact(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, reference, metadata, language }: ContactChange,
): Promise<void> {
  await tx.query(sql`insert into contact (id, workspace_id, name, reference, metadata, language)
    values (${id}, ${workspaceId}, ${name ?? null}, ${reference ?? null}, ${metadata ? JSON.stringify(metadata) : null},
      ${language ?? null})`);
}

/** Whether a contact has neither a name nor an address. */
export async function isEmpty(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from contact c where c.id = ${id} and c.name is null
    and not exists (select 1 from contact_address x where x.contact_id = c.id)`);
  return rows.length > 0;
}

/** Sets a contact's phone number; returns the other contact if one has it. */
export async function setPhone(
  tx: Queryable,
  workspaceId: string,
  contactId: string,
  phone: string | null,
): Promise<string | undefined> {
  await tx.query(
    sql`delete from contact_address where contact_id = ${contactId} and kind = 'phone' and value is distinct from ${phone}`,
  );
  if (phone === null) return undefined;
  const [owner] = await tx.query<{ contact_id: string }>(sql`
    insert into contact_address (workspace_id, kind, value, contact_id) values (${workspaceId}, 'phone', ${phone}, ${contactId})
    on conflict (workspace_id, kind, value) do update set contact_id = contact_address.contact_id returning contact_id`);
  return owner?.contact_id === contactId ? undefined : owner?.contact_id;
}

/** The same for a contact that others know already: they hear of a change. */
export async function changePhone(
  tx: Queryable,
  workspaceId: string,
  contactId: string,
  phone: string | null,
): Promise<string | undefined> {
  const [before] = await tx.query<{ phone: string }>(
    sql`select value as phone from contact_address where contact_id = ${contactId} and kind = 'phone' limit 1`,
  );
  const owner = await setPhone(tx, workspaceId, contactId, phone);
  if (owner === undefined && (before?.phone ?? null) !== phone)
    await tx.query(sql`select append_event(${workspaceId}, 'contact.updated', null,
      jsonb_build_object('contact_id', ${contactId}::uuid), clock_timestamp())`);
  return owner;
}

export async function updateContact(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, reference, metadata, language }: ContactChange,
): Promise<boolean> {
  const rows =
    await tx.query(sql`update contact set name = case when ${name !== undefined} then ${name ?? null} else name end,
      reference = case when ${reference !== undefined} then ${reference ?? null} else reference end,
      metadata = case when ${metadata !== undefined} then ${metadata ? JSON.stringify(metadata) : null}::jsonb else metadata end,
      language = case when ${language !== undefined} then ${language ?? null} else language end, updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

/** Sets values of the workspace's own fields. A value that changes says where it came from. */
export async function setFields(
  tx: Queryable,
  id: string,
  { values, removed }: FieldChange,
  source: ValueSource,
): Promise<void> {
  const given = JSON.stringify(values);
  await tx.query(sql`update contact c set
      fields = nullif((coalesce(c.fields, '{}') || ${given}::jsonb) - ${removed}::text[], '{}'),
      field_sources = nullif((coalesce(c.field_sources, '{}') || coalesce((
          select jsonb_object_agg(key, jsonb_build_object('kind', ${source.kind}::text, 'id', ${source.id}::uuid, 'at',
            to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
          from jsonb_each(${given}::jsonb) where value is distinct from c.fields -> key), '{}')) - ${removed}::text[], '{}'),
      updated_at = clock_timestamp()
    where c.id = ${id}`);
}

/** The names of people, keys and imports that values came from, by their UUIDs. */
export async function namesOf(db: Queryable, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{ id: string; name: string }>(sql`
    select id, name from person where id = any (${ids}::uuid[])
    union all select id, name from api_key where id = any (${ids}::uuid[])
    union all select id, name from contact_import where id = any (${ids}::uuid[])`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * Removes a contact from the list and frees its addresses; its messages stay. A message that is being stored for it
 * is stored first, or finds its address gone.
 */
export async function deleteContact(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  await tx.query(sql`select 1 from contact where workspace_id = ${workspaceId} and id = ${id} for update`);
  const rows = await tx.query(sql`update contact set deleted_at = clock_timestamp(), fields = null, field_sources = null
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  if (rows.length > 0) {
    await rememberAddresses(tx, workspaceId, id);
    await tx.query(sql`delete from contact_label where contact_id = ${id}`);
    await leaveLists(tx, workspaceId, [id]);
  }
  await tx.query(
    sql`delete from contact_address where contact_id in (select id from contact where id = ${id} and workspace_id = ${workspaceId})`,
  );
  return rows.length > 0;
}
