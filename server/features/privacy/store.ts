// The table erasure.
import type { Actor } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { RawIds } from '../inbound/index.ts';

export type Counts = Record<string, number>;

/** An erasure in progress. */
export interface Begun {
  id: string;
  contacts: string[];
  /** The addresses that still need a search. */
  addresses: string[];
  erased_at: Date | null;
}

export async function findErasure(db: Queryable, workspaceId: string, contactId: string): Promise<Begun | undefined> {
  const [row] = await db.query<Begun>(sql`select id, contacts, addresses, erased_at from erasure
    where workspace_id = ${workspaceId} and contact_id = ${contactId}`);
  return row;
}

/** Begins an erasure. False if another request has begun it; it continues. */
export async function beginErasure(
  tx: Queryable,
  erasure: { id: string; contactId: string; contacts: string[]; addresses: string[]; actor: Actor },
  now: Date,
): Promise<boolean> {
  const { id, contactId, contacts, addresses, actor } = erasure;
  const rows =
    await tx.query(sql`insert into erasure (id, workspace_id, contact_id, contacts, addresses, actor_kind, actor_id, begun_at)
    values (${id}, ${actor.workspaceId}, ${contactId}, ${contacts}::uuid[], ${addresses}::text[], ${actor.kind}, ${actor.id}, ${now})
    on conflict (contact_id) do nothing returning 1`);
  return rows.length > 0;
}

/** Adds to the counts, and to the addresses to search. */
export async function addToErasure(tx: Queryable, id: string, counts: Counts, addresses: string[] = []): Promise<void> {
  await tx.query(sql`
    update erasure e set
      counts = e.counts || (select coalesce(jsonb_object_agg(c.key, c.value::bigint + coalesce((e.counts ->> c.key)::bigint, 0)), '{}')
        from jsonb_each_text(${JSON.stringify(counts)}::jsonb) c),
      addresses = array(select unnest(e.addresses) union select unnest(${addresses}::text[]))
    where e.id = ${id}`);
}

/** Returns the raw webhooks that still need a search; `newest` is the last of them if the search begins now. */
export async function beginLooking(db: Queryable, id: string, newest: number): Promise<RawIds> {
  const [row] = await db.query<RawIds>(sql`update erasure set raw_until = coalesce(raw_until, ${newest})
    where id = ${id} returning raw_after as after, raw_until as until`);
  return row ?? { after: newest, until: newest };
}

/** Records the last raw webhook that was searched. */
export async function lookedUpTo(tx: Queryable, id: string, last: number): Promise<void> {
  await tx.query(sql`update erasure set raw_after = greatest(raw_after, ${last}) where id = ${id}`);
}

/** Ends an erasure with nothing left to search. False if another request has ended it. */
export async function endErasure(tx: Queryable, id: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    sql`update erasure set erased_at = ${now}, addresses = '{}' where id = ${id} and erased_at is null returning 1`,
  );
  return rows.length > 0;
}

export interface ErasureRow {
  id: string;
  contact_id: string;
  counts: Counts;
  actor_kind: 'person' | 'api_key';
  actor_id: string;
  actor_name: string | null;
  begun_at: Date;
  erased_at: Date;
}

const receipts = sql`select e.id, e.contact_id, e.counts, e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name,
    e.begun_at, e.erased_at
  from erasure e left join person p on e.actor_kind = 'person' and p.id = e.actor_id
  left join api_key k on e.actor_kind = 'api_key' and k.id = e.actor_id where e.erased_at is not null`;

export async function findReceipt(db: Queryable, workspaceId: string, id: string): Promise<ErasureRow | undefined> {
  const [row] = await db.query<ErasureRow>(sql`${receipts} and e.workspace_id = ${workspaceId} and e.id = ${id}`);
  return row;
}

/** A page of receipts, newest first. */
export async function listReceipts(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: ErasureRow[]; total: number }> {
  const rows = await db.query<ErasureRow>(sql`${receipts} and e.workspace_id = ${workspaceId}
    ${page.after ? sql`and e.id < ${page.after[0]}` : sql``} order by e.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from (
    select 1 from erasure where workspace_id = ${workspaceId} and erased_at is not null limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}
