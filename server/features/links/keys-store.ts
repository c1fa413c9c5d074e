// The table web_session_key: what sessions have to remember. All values are encrypted here.
import { createHash } from 'node:crypto';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** A key with its encrypted value; null deletes it. */
export interface StoredKey {
  type: string;
  /** As it is stored. */
  id: string;
  value: string | null;
}

/**
 * The id under which a key is stored. Where the id of a key of ours has a number or an address of a person, the stored
 * one has its hash; ids of messages stay, so that the keys of a message are found.
 */
export function storedId(accountId: string, type: string, id: string): string {
  const hashed = (text: string) => createHash('sha256').update(`${accountId} ${type} ${text}`).digest('base64url');
  if (type === 'known-number' || type === 'chat-timer') return hashed(id);
  // `<message>:<participant>` and `<message>/<participant>/<index>`.
  if (type === 'retry') return id.replace(/:(.*)$/s, (_, participant) => `:${hashed(participant)}`);
  return type === 'pending-message' ? id.replace(/\/(.*)$/s, (_, rest) => `/${hashed(rest)}`) : id;
}

/** Deletes what sessions keep of these messages: their bytes, their polls, and how often they were asked for again. */
export async function forgetSentMessages(tx: Queryable, messages: readonly string[]): Promise<void> {
  const ids = sql`select m.account_id, k.id from message m join web_session s on s.account_id = m.account_id
    cross join lateral (values (web_message_id(m.id)), (m.channel_message_id)) k(id)
    where m.id = any (${[...messages]}::uuid[]) and k.id is not null`;
  await tx.query(sql`delete from web_session_key w using (${ids}) k
    where w.account_id = k.account_id and w.type in ('sent-message', 'poll') and w.key_id = k.id`);
  // A semicolon follows the colon in ASCII.
  await tx.query(sql`delete from web_session_key w using (${ids}) k
    where w.account_id = k.account_id and w.type = 'retry' and w.key_id >= k.id || ':' and w.key_id < k.id || ';'`);
}

/** Deletes what the sessions of a workspace know about the people with these addresses. */
export async function forgetPeople(tx: Queryable, workspaceId: string, addresses: readonly string[]): Promise<void> {
  const users = addresses.map(address => (address.endsWith('@lid') ? address : address.replaceAll(/\D/g, '')));
  const accounts = await tx.query<{ account_id: string }>(
    sql`select account_id from web_session where workspace_id = ${workspaceId} order by account_id`,
  );
  for (const { account_id: accountId } of accounts) {
    for (const type of ['known-number', 'chat-timer']) {
      const ids = users.map(user => storedId(accountId, type, user));
      await tx.query(sql`delete from web_session_key
        where account_id = ${accountId} and type = ${type} and key_id = any (${ids}::text[])`);
    }
  }
}

/** The keys of a type with these stored ids, or all of the type. */
export async function findKeys(
  db: Queryable,
  accountId: string,
  type: string,
  ids: readonly string[] | undefined,
): Promise<{ id: string; value: string }[]> {
  return db.query<{ id: string; value: string }>(sql`select key_id as id, value from web_session_key
    where account_id = ${accountId} and type = ${type} and (${ids === undefined} or key_id = any (${ids ?? []}::text[]))
    order by key_id`);
}

/** Sets and deletes keys: one statement for each, however many there are. */
export async function writeKeys(tx: Queryable, accountId: string, keys: readonly StoredKey[]): Promise<void> {
  const [set, gone] = [keys.filter(({ value }) => value !== null), keys.filter(({ value }) => value === null)];
  if (set.length > 0)
    await tx.query(sql`insert into web_session_key (account_id, type, key_id, value)
      select ${accountId}, k.type, k.id, k.value from unnest(${set.map(({ type }) => type)}::text[], ${set.map(({ id }) => id)}::text[],
        ${set.map(({ value }) => value)}::text[]) k(type, id, value) order by k.type, k.id
      on conflict (account_id, type, key_id) do update set value = excluded.value, changed_at = clock_timestamp()`);
  if (gone.length > 0)
    await tx.query(sql`delete from web_session_key w using unnest(${gone.map(({ type }) => type)}::text[],
        ${gone.map(({ id }) => id)}::text[]) k(type, id)
      where w.account_id = ${accountId} and w.type = k.type and w.key_id = k.id`);
}

/** How long keys of ours are needed: WhatsApp asks for a sent message again within days. */
const ages: Record<string, string> = {
  'sent-message': '7 days',
  retry: '7 days',
  'known-number': '30 days',
  poll: '90 days',
};
const deletedAtOnce = 5_000;

/** Deletes some old keys of ours. Returns whether there may be more. */
export async function deleteOldKeys(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`delete from web_session_key where ctid = any (array(
    select w.ctid from unnest(${Object.keys(ages)}::text[], ${Object.values(ages)}::interval[]) a(type, age)
    cross join lateral (select ctid from web_session_key
      where type = a.type and type in ('sent-message', 'known-number', 'retry', 'poll')
        and changed_at < clock_timestamp() - a.age limit ${deletedAtOnce}) w limit ${deletedAtOnce})) returning 1`);
  return rows.length === deletedAtOnce;
}
