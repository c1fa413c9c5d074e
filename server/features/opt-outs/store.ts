// The tables opt_out and opt_out_address.
import type { OptOutCategory, OptOutSource } from '@recado/contract';
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';

export interface OptOutRow {
  id: string;
  contact_id: string;
  phone: string | null;
  category: OptOutCategory;
  reason: string | null;
  source: OptOutSource;
  created_at: Date;
}

export interface OptOutFilter {
  contactId?: string | undefined;
  category?: OptOutCategory | undefined;
  source?: OptOutSource | undefined;
}

const columns = sql`o.id, o.contact_id, o.category, o.reason, o.source, o.created_at,
  (select x.value from contact_address x where x.contact_id = o.contact_id and x.kind = 'phone' limit 1) as phone`;

const matching = (workspaceId: string, filter: OptOutFilter): Fragment =>
  all([
    sql`o.workspace_id = ${workspaceId}`,
    filter.contactId !== undefined && sql`o.contact_id = ${filter.contactId}`,
    filter.category !== undefined && sql`o.category = ${filter.category}`,
    filter.source !== undefined && sql`o.source = ${filter.source}`,
  ]);

/** A page of opt-outs, newest first. */
export async function listOptOuts(
  db: Queryable,
  workspaceId: string,
  filter: OptOutFilter,
  page: PageRequest,
): Promise<{ rows: OptOutRow[]; total: number }> {
  const where = matching(workspaceId, filter);
  const rows = await db.query<OptOutRow>(sql`select ${columns} from opt_out o where ${where}
    ${page.after ? sql`and o.id < ${page.after[0]}` : sql``} order by o.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from opt_out o where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

async function findById(db: Queryable, workspaceId: string, id: string): Promise<OptOutRow | undefined> {
  const [row] = await db.query<OptOutRow>(
    sql`select ${columns} from opt_out o where o.workspace_id = ${workspaceId} and o.id = ${id}`,
  );
  return row;
}

/** The opt-out of a contact for a category. */
export async function findOf(
  db: Queryable,
  contactId: string,
  category: OptOutCategory,
): Promise<OptOutRow | undefined> {
  const [row] = await db.query<OptOutRow>(
    sql`select ${columns} from opt_out o where o.contact_id = ${contactId} and o.category = ${category}`,
  );
  return row;
}

/** The opt-out that bars an address, also one of a deleted contact; the one of all messages first. */
export async function findOptOut(db: Queryable, workspaceId: string, address: string): Promise<OptOutRow | undefined> {
  const [row] = await db.query<OptOutRow>(sql`select ${columns} from opt_out o where o.workspace_id = ${workspaceId}
    and (o.contact_id in (select x.contact_id from contact_address x where x.workspace_id = ${workspaceId} and x.value = ${address})
      or o.id in (select k.opt_out_id from opt_out_address k
        where k.workspace_id = ${workspaceId} and k.hash = address_hash(${workspaceId}, ${address})))
    order by o.category, o.id limit 1`);
  return row;
}

/** Who made an opt-out, why and when. */
export interface OptOutCause {
  category: OptOutCategory;
  reason: string;
  source: OptOutSource;
  createdBy?: string | undefined;
  at: Date;
}

/** Opts contacts out. Returns the newly opted-out ones. The caller has locked the lanes of their workspaces. */
export async function insertOptOuts(tx: Queryable, contacts: string[], cause: OptOutCause): Promise<string[]> {
  const rows = await call(tx, 'opt_out_contacts', {
    p_ids: contacts.map(() => newUuid()),
    p_contacts: contacts,
    p_category: cause.category,
    p_reason: cause.reason,
    p_source: cause.source,
    p_created_by: cause.createdBy ?? null,
    p_at: cause.at,
  });
  return rows.flatMap(row => row.contact_id ?? []);
}

export async function removeOptOut(tx: Queryable, workspaceId: string, id: string): Promise<OptOutRow | undefined> {
  const row = await findById(tx, workspaceId, id);
  const gone = await tx.query(sql`delete from opt_out where workspace_id = ${workspaceId} and id = ${id} returning 1`);
  return gone.length > 0 ? row : undefined;
}

/** The opt-outs that are kept by these addresses for the next contact. */
const keptBy = (workspaceId: string, addresses: string[]): Fragment => sql`select k.opt_out_id from opt_out_address k
  where k.workspace_id = ${workspaceId}
    and k.hash in (select address_hash(${workspaceId}, address) from unnest(${addresses}::text[]) address)`;

/** Whether an opt-out from marketing of a deleted contact is kept by one of these addresses. */
export async function isMarketingKept(tx: Queryable, workspaceId: string, addresses: string[]): Promise<boolean> {
  const rows = await tx.query(sql`select 1 from opt_out o
    where o.category = 'marketing' and o.id in (${keptBy(workspaceId, addresses)}) limit 1`);
  return rows.length > 0;
}

/** Ends marketing opt-outs of a person that came from the channel until then. One that a caller made holds. */
export async function endMarketing(
  tx: Queryable,
  workspaceId: string,
  { contacts, addresses }: { contacts: string[]; addresses: string[] },
  until: Date,
): Promise<void> {
  await tx.query(sql`delete from opt_out where workspace_id = ${workspaceId} and category = 'marketing'
    and (contact_id = any (${contacts}::uuid[]) or id in (${keptBy(workspaceId, addresses)}))
    and source <> 'api' and created_at <= ${until}`);
}

/** The contacts with one of these addresses. */
export async function contactsOf(tx: Queryable, workspaceId: string, addresses: string[]): Promise<string[]> {
  const rows = await tx.query<{ contact_id: string }>(sql`select distinct contact_id from contact_address
    where workspace_id = ${workspaceId} and value = any (${addresses}::text[])`);
  return rows.map(row => row.contact_id);
}

/** Messages by the tokens of their attempts or the channel's ids, as receipts name them: whom they went to. */
export async function recipientsOf(
  tx: Queryable,
  receipts: { accountId: string; token: string | null; channelMessageId: string }[],
): Promise<{ workspace_id: string; contact_id: string }[]> {
  const column = <Value>(pick: (receipt: (typeof receipts)[number]) => Value) => receipts.map(pick);
  return tx.query(sql`select distinct m.workspace_id, m.contact_id from unnest(find_tokens(
      ${column(r => r.accountId)}::uuid[], ${column(r => r.token)}::uuid[], ${column(r => r.channelMessageId)}::text[])) k
    join message m on m.id = token_of(k, 0)`);
}

/** Whom a message went to. */
export async function recipientOf(
  tx: Queryable,
  messageId: string,
): Promise<{ workspace_id: string; contact_id: string } | undefined> {
  const [row] = await tx.query<{ workspace_id: string; contact_id: string }>(
    sql`select workspace_id, contact_id from message where id = ${messageId}`,
  );
  return row;
}

/** The opt-outs of contacts, for an export of a person. */
export async function optOutsOf(db: Queryable, contacts: string[]): Promise<OptOutRow[]> {
  return db.query<OptOutRow>(
    sql`select ${columns} from opt_out o where o.contact_id = any (${contacts}::uuid[]) order by o.id`,
  );
}

/** Keeps the opt-outs of contacts that are about to lose their addresses. An erasure removes the reasons. */
export async function keepOptOutsOf(tx: Queryable, contactIds: string[], isErasure: boolean): Promise<void> {
  await tx.query(sql`select keep_opt_outs_of(${contactIds}::uuid[], ${isErasure})`);
}
