// The tables contact and contact_address.
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import { asDialled } from '../../kit/text/phone.ts';
import type { Address } from '../../ports/channel.ts';
import { rememberAddresses } from './erase-store.ts';
import { unreadCount } from './unread-store.ts';

export interface ContactRow {
  id: string;
  name: string | null;
  phone: string | null;
  /** The channel's id of the person. */
  user_id: string | null;
  username: string | null;
  /** The id of the person for all businesses of the parent company. */
  parent_user_id: string | null;
  reference: string | null;
  metadata: Record<string, string> | null;
  opted_out: 'marketing' | 'all' | null;
  unreachable_at: Date | null;
  last_message_at: Date | null;
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

const columns = sql`c.id, c.name, ${addresses}, ${newestOf('parent_bsuid')} as parent_user_id, c.reference, c.metadata, c.created_at, c.updated_at, c.unreachable_at,
  (select o.category from opt_out o where o.contact_id = c.id order by o.category limit 1) as opted_out, v.last_message_at,
  coalesce(v.unread_count, 0) as unread_count, coalesce(v.outbound, 0) as outbound, coalesce(v.inbound, 0) as inbound`;

const conversationSums = sql`select max(last_message_at) as last_message_at, sum(${unreadCount})::bigint as unread_count,
    sum(sent_count)::bigint as outbound, sum(received_count)::bigint as inbound
  from conversation where contact_id = c.id`;

export interface ContactFilter {
  /** UUIDs. */
  ids?: readonly string[] | undefined;
  phone: string | undefined;
  reference?: string | undefined;
  search: string | undefined;
}

const likePattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

/** A pattern for part of a number, however written; null if the text is none. With letters it is a name: "Room 101". */
function numberPattern(text: string): string | null {
  const digits = text.replaceAll(/[^0-9]/g, '');
  return digits.length < 3 || /\p{L}/u.test(text) ? null : likePattern(asDialled(`+${digits}`).slice(1));
}

/** Where a contact matches; searches do not use it. */
const matching = (workspaceId: string, filter: ContactFilter): Fragment =>
  all([
    sql`c.workspace_id = ${workspaceId} and c.deleted_at is null`,
    filter.ids !== undefined && sql`c.id = any (${[...filter.ids]}::uuid[])`,
    filter.phone !== undefined &&
      sql`c.id in (select contact_id from contact_address where workspace_id = ${workspaceId} and kind = 'phone' and value = ${filter.phone})`,
    filter.reference !== undefined && sql`c.reference = ${filter.reference}`,
  ]);

/** Ids of a search by name or digits, unordered: up to `most` by each, or all. */
export const foundBy = (search: string, most: number | null): Fragment =>
  sql`find_contacts(${search}, ${likePattern(search)}, ${numberPattern(search)}, ${most})`;

/** Look up one by one: the planner cannot estimate the hits, and might scan all contacts instead. */
const eachOf = (id: Fragment): Fragment => sql`cross join lateral (select * from contact where id = ${id} limit 1) c`;

/** A page of contacts, newest first. */
export async function listContacts(
  db: Queryable,
  workspaceId: string,
  filter: ContactFilter,
  page: PageRequest,
): Promise<{ rows: ContactRow[]; total: number }> {
  const { ids, phone, reference, search } = filter;
  const where = matching(workspaceId, filter);
  // An id or a number belongs to one contact, and a reference to few: look only at these.
  if (ids !== undefined || phone !== undefined || reference !== undefined) {
    const meant = search === undefined ? where : sql`${where} and ${everywhere(workspaceId, search)}`;
    const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
      select 1 from contact c where ${meant} limit ${countedTo + 1}) x`);
    return { rows: await readPage(db, meant, page), total: count?.total ?? 0 };
  }
  if (search !== undefined) {
    const searched = await searchContacts(db, search, page);
    if (searched.total > countedTo)
      return { ...searched, rows: await newestFound(db, workspaceId, where, search, page) };
    return searched;
  }
  const [count] = await db.query<{ total: number }>(keptTotal('contacts', sql`workspace_id = ${workspaceId}`));
  return { rows: await readPage(db, where, page), total: count?.total ?? 0 };
}

/** The number of entries of a list from the maintained counts; `where` filters the columns of these tables. */
export const keptTotal = (list: 'contacts' | 'conversations' | 'unread', where: Fragment): Fragment => sql`
  select coalesce(sum(entries), 0) as total from (
    select entries from list_count where list = ${list} and ${where}
    union all
    select entries from list_delta where list = ${list} and ${where}) x`;

const beyond = (page: PageRequest): Fragment => (page.after ? sql`and c.id < ${page.after[0]}` : sql``);

const readPage = (
  db: Queryable,
  where: Fragment,
  page: PageRequest,
  from: Fragment = sql`contact c`,
): Promise<ContactRow[]> =>
  db.query<ContactRow>(sql`select ${columns} from (
      select c.* from ${from} where ${where} ${beyond(page)}
      order by c.id desc limit ${page.limit + 1} offset ${page.offset}) c
    left join lateral (${conversationSums}) v on true order by c.id desc`);

/** A search looks for its page among this many newest contacts before it reads all hits. */
const newest = 10_000;

/** A page of a search with more hits than we count: try the newest contacts first, else sort all. */
async function newestFound(
  db: Queryable,
  workspaceId: string,
  where: Fragment,
  search: string,
  page: PageRequest,
): Promise<ContactRow[]> {
  const recent = sql`(select c.* from contact c where ${where} ${beyond(page)} order by c.id desc limit ${newest}) c`;
  const rows = await readPage(db, sql`${where} and ${everywhere(workspaceId, search)}`, page, recent);
  if (rows.length > page.limit) return rows;
  return readPage(
    db,
    where,
    page,
    sql`(select c.id as found from ${foundBy(search, null)} c(id)
    where true ${beyond(page)} order by c.id desc limit ${page.offset + page.limit + 1}) f
    ${eachOf(sql`f.found`)}`,
  );
}

/** One search for both the total and the page. */
async function searchContacts(
  db: Queryable,
  search: string,
  page: PageRequest,
): Promise<{ rows: ContactRow[]; total: number }> {
  const found = await db.query<{ total: number } & { [Key in keyof ContactRow]: ContactRow[Key] | null }>(sql`
    with found as materialized (
      select ${foundBy(search, countedTo + 1)} as id),
    page as (select f.id from found f ${page.after ? sql`where f.id < ${page.after[0]}` : sql``}
      order by f.id desc limit ${page.limit + 1} offset ${page.offset})
    select n.total, x.* from (select count(*) as total from found) n
    left join (select ${columns} from page p join contact c on c.id = p.id left join lateral (${conversationSums}) v on true) x on true
    order by x.id desc`);
  // For an empty page, one row has only the total.
  const rows = found.filter((row): row is { total: number } & ContactRow => row.id !== null);
  return { rows, total: found[0]?.total ?? 0 };
}

function everywhere(workspaceId: string, search: string): Fragment {
  const byName = sql`folded(c.name) like folded(${likePattern(search)})`;
  const number = numberPattern(search);
  return number === null
    ? byName
    : sql`(${byName} or exists (select 1 from contact_address x where x.contact_id = c.id
        and x.workspace_id = ${workspaceId} and x.kind = 'phone' and x.value like ${number}))`;
}

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

/** What callers may set of a contact; undefined for no change. */
export interface ContactChange {
  name?: string | null | undefined;
  reference?: string | null | undefined;
  metadata?: Record<string, string> | null | undefined;
}

export async function insertContact(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { name, reference, metadata }: ContactChange,
): Promise<void> {
  await tx.query(sql`insert into contact (id, workspace_id, name, reference, metadata)
    values (${id}, ${workspaceId}, ${name ?? null}, ${reference ?? null}, ${metadata ? JSON.stringify(metadata) : null})`);
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
  { name, reference, metadata }: ContactChange,
): Promise<boolean> {
  const rows =
    await tx.query(sql`update contact set name = case when ${name !== undefined} then ${name ?? null} else name end,
      reference = case when ${reference !== undefined} then ${reference ?? null} else reference end,
      metadata = case when ${metadata !== undefined} then ${metadata ? JSON.stringify(metadata) : null}::jsonb else metadata end,
      updated_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  return rows.length > 0;
}

/**
 * Removes a contact from the list and frees its addresses; its messages stay. A message that is being stored for it
 * is stored first, or finds its address gone.
 */
export async function deleteContact(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  await tx.query(sql`select 1 from contact where workspace_id = ${workspaceId} and id = ${id} for update`);
  const rows = await tx.query(sql`update contact set deleted_at = clock_timestamp()
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`);
  if (rows.length > 0) {
    await rememberAddresses(tx, workspaceId, id);
  }
  await tx.query(
    sql`delete from contact_address where contact_id in (select id from contact where id = ${id} and workspace_id = ${workspaceId})`,
  );
  return rows.length > 0;
}
