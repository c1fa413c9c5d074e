// The table web_session_key: what sessions have to remember. All values are encrypted here.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

/** A key with its encrypted value; null deletes it. */
export interface StoredKey {
  type: string;
  id: string;
  value: string | null;
}

/** The keys of a type with these ids, or all of the type. */
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
