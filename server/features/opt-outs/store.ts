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

/** Who opted somebody out or in, how we know, why and when. */
export interface Cause {
  reason: string | null;
  source: OptOutSource;
  /** The caller. */
  by?: { kind: 'person' | 'api_key'; id: string } | undefined;
  accountId?: string | undefined;
  /** UUIDs by the names of the API. */
  proof?: Record<string, string> | undefined;
  at: Date;
}

export interface OptOutCause extends Cause {
  category: OptOutCategory;
}

const causeOf = ({ reason, source, by, accountId, proof, at }: Cause) => ({
  p_reason: reason,
  p_source: source,
  p_account: accountId ?? null,
  p_proof: JSON.stringify(proof ?? {}),
  p_actor_kind: by?.kind ?? null,
  p_created_by: by?.id ?? null,
  p_at: at,
});

/** Opts contacts out. Returns the newly opted-out ones. The caller has locked the lanes of their workspaces. */
export async function insertOptOuts(tx: Queryable, contacts: string[], cause: OptOutCause): Promise<string[]> {
  const rows = await call(tx, 'opt_out_contacts', {
    p_ids: contacts.map(() => newUuid()),
    p_contacts: contacts,
    p_category: cause.category,
    ...causeOf(cause),
  });
  return rows.flatMap(row => row.contact_id ?? []);
}

/** Ends opt-outs. */
async function endOptOuts(tx: Queryable, ids: string[], cause: Cause): Promise<void> {
  await call(tx, 'opt_in_contacts', { p_ids: ids, ...causeOf(cause) });
}

/** Ends an opt-out, and returns it. */
export async function removeOptOut(
  tx: Queryable,
  workspaceId: string,
  id: string,
  cause: Cause,
): Promise<OptOutRow | undefined> {
  await tx.query(sql`select 1 from opt_out where workspace_id = ${workspaceId} and id = ${id} for update`);
  const row = await findById(tx, workspaceId, id);
  if (row) await endOptOuts(tx, [id], cause);
  return row;
}

/** Ends the opt-outs of a contact that came from the page. */
export async function endOfPage(tx: Queryable, contactId: string, cause: Cause): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    sql`select id from opt_out where contact_id = ${contactId} and source = 'page' for update`,
  );
  if (rows.length > 0)
    await endOptOuts(
      tx,
      rows.map(row => row.id),
      cause,
    );
}

/** Cancels what waits for contacts and is barred. The caller has locked the lanes of their workspace. */
export async function cancelBarred(tx: Queryable, contactIds: string[], now: Date | null): Promise<void> {
  await tx.query(sql`select end_barred(${now}, ${contactIds}::uuid[])`);
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

/** Ends marketing opt-outs of a person that are their own, until then. One that a caller made holds. */
export async function endMarketing(
  tx: Queryable,
  workspaceId: string,
  { contacts, addresses }: { contacts: string[]; addresses: string[] },
  until: Date,
): Promise<void> {
  const rows = await tx.query<{ id: string }>(sql`select id from opt_out
    where workspace_id = ${workspaceId} and category = 'marketing'
      and (contact_id = any (${contacts}::uuid[]) or id in (${keptBy(workspaceId, addresses)}))
      and source not in ('api', 'person', 'import') and created_at <= ${until} for update`);
  const ids = rows.map(row => row.id);
  if (ids.length > 0) await endOptOuts(tx, ids, { reason: null, source: 'whatsapp', at: until });
}

/** The contacts with one of these addresses. */
export async function contactsOf(tx: Queryable, workspaceId: string, addresses: string[]): Promise<string[]> {
  const rows = await tx.query<{ contact_id: string }>(sql`select distinct contact_id from contact_address
    where workspace_id = ${workspaceId} and value = any (${addresses}::text[])`);
  return rows.map(row => row.contact_id);
}

interface Recipient {
  workspace_id: string;
  contact_id: string;
  account_id: string;
  message_id: string;
}

/** Messages by the tokens of their attempts or the channel's ids, as receipts name them: whom they went to. */
export async function recipientsOf(
  tx: Queryable,
  receipts: { accountId: string; token: string | null; channelMessageId: string }[],
): Promise<Recipient[]> {
  const column = <Value>(pick: (receipt: (typeof receipts)[number]) => Value) => receipts.map(pick);
  return tx.query<Recipient>(sql`select distinct on (m.contact_id) m.workspace_id, m.contact_id, m.account_id, m.id as message_id
    from unnest(find_tokens(
      ${column(r => r.accountId)}::uuid[], ${column(r => r.token)}::uuid[], ${column(r => r.channelMessageId)}::text[])) k
    join message m on m.id = token_of(k, 0) order by m.contact_id, m.id`);
}

/** Whom a message went to. */
export async function recipientOf(tx: Queryable, messageId: string): Promise<Recipient | undefined> {
  const [row] = await tx.query<Recipient>(
    sql`select workspace_id, contact_id, account_id, id as message_id from message where id = ${messageId}`,
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
