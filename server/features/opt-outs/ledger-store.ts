// The table opt_out_ledger, which is only added to.
import type { LedgerKind, OptOutCategory, OptOutSource } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';

export interface LedgerRow {
  seq: number;
  id: string;
  at: Date;
  contact_id: string | null;
  phone: string | null;
  hashes: string[];
  kind: LedgerKind;
  category: OptOutCategory;
  source: OptOutSource;
  account_id: string | null;
  proof: { message_id?: string; word?: string; opt_out_suggestion_id?: string; contact_import_id?: string };
  actor_kind: 'person' | 'api_key' | null;
  created_by: string | null;
  reason: string | null;
  legal_basis: string | null;
  wording: string | null;
  given_at: Date | null;
}

export interface LedgerFilter {
  contactId?: string | undefined;
  /** A number in E.164: also of an erased person. */
  phone?: string | undefined;
  kind?: LedgerKind | undefined;
  source?: OptOutSource | undefined;
  from?: string | undefined;
  until?: string | undefined;
}

const columns = sql`l.seq, l.id, l.at, l.contact_id, array(select encode(h, 'hex') from unnest(l.hashes) h) as hashes,
  l.kind, l.category, l.source, l.account_id, l.proof, l.actor_kind, l.created_by, l.reason, l.legal_basis, l.wording, l.given_at,
  (select x.value from contact_address x where x.contact_id = l.contact_id and x.kind = 'phone' limit 1) as phone`;

/** The rows of a number: of its contact, of a deleted one, or of an erased one by its hash. */
const ofPhone = (workspaceId: string, phone: string): Fragment => sql`(
  l.contact_id in (select x.contact_id from contact_address x where x.workspace_id = ${workspaceId} and x.value = ${phone})
  or l.contact_id in (select f.contact_id from former_address f
    where f.workspace_id = ${workspaceId} and f.hash = address_hash(${workspaceId}, ${phone}))
  or l.hashes <> '{}' and l.hashes @> array[address_hash(${workspaceId}, ${phone})])`;

const matching = (workspaceId: string, filter: LedgerFilter): Fragment =>
  all([
    sql`l.workspace_id = ${workspaceId}`,
    filter.contactId !== undefined && sql`l.contact_id = ${filter.contactId}`,
    filter.phone !== undefined && ofPhone(workspaceId, filter.phone),
    filter.kind !== undefined && sql`l.kind = ${filter.kind}`,
    filter.source !== undefined && sql`l.source = ${filter.source}`,
    filter.from !== undefined && sql`l.at >= ${filter.from}::timestamptz`,
    filter.until !== undefined && sql`l.at < ${filter.until}::timestamptz`,
  ]);

/** A page of the ledger, newest first. */
export async function listLedger(
  db: Queryable,
  workspaceId: string,
  filter: LedgerFilter,
  page: PageRequest,
): Promise<{ rows: LedgerRow[]; total: number }> {
  const where = matching(workspaceId, filter);
  const rows = await db.query<LedgerRow>(sql`select ${columns} from opt_out_ledger l where ${where}
    ${page.after ? sql`and l.seq < ${page.after[0]}::bigint` : sql``}
    order by l.seq desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from opt_out_ledger l where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** The rows about contacts, for an export of a person. */
export async function ledgerOf(db: Queryable, contacts: string[]): Promise<LedgerRow[]> {
  return db.query<LedgerRow>(
    sql`select ${columns} from opt_out_ledger l where l.contact_id = any (${contacts}::uuid[]) order by l.seq`,
  );
}

export interface Consent {
  contactId: string;
  category: OptOutCategory;
  legalBasis: string;
  wording: string;
  reason: string | undefined;
  givenAt: string | undefined;
  by: { kind: 'person' | 'api_key'; id: string };
  at: Date;
}

/** Adds a consent, and returns its row. */
export async function addConsent(tx: Queryable, workspaceId: string, consent: Consent): Promise<LedgerRow | undefined> {
  const { by, at } = consent;
  const [made] = await tx.query<{ seq: number }>(sql`
    insert into opt_out_ledger (workspace_id, contact_id, kind, category, source, actor_kind, created_by, reason,
      legal_basis, wording, given_at, at)
    values (${workspaceId}, ${consent.contactId}, 'in', ${consent.category}, ${by.kind === 'person' ? 'person' : 'api'},
      ${by.kind}, ${by.id}, ${consent.reason ?? null}, ${consent.legalBasis}, ${consent.wording},
      coalesce(${consent.givenAt ?? null}::timestamptz, ${at}::timestamptz), ${at}) returning seq`);
  const [row] = await tx.query<LedgerRow>(sql`select ${columns} from opt_out_ledger l where l.seq = ${made?.seq ?? 0}`);
  return row;
}
