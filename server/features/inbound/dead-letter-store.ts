// Dead letters and raw webhooks, as request handlers see them: those of one workspace.
import type { DeadLetterCode } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { isServed } from './served-apps-store.ts';

export interface InboundFilter {
  accountId: string | undefined;
  from: string | undefined;
  until: string | undefined;
}

export interface LetterRow {
  id: string;
  payload_id: number;
  account_id: string | null;
  item: unknown;
  code: DeadLetterCode;
  reason: string;
  created_at: Date;
  retried_at: Date | null;
}

export interface WebhookRow {
  id: string;
  account_id: string | null;
  app: string;
  received_at: Date;
  processed_at: Date | null;
}

export interface WebhookDetailsRow extends WebhookRow {
  headers: Record<string, string>;
  body: Buffer;
}

const between = (column: Fragment, { from, until }: InboundFilter): Fragment =>
  all([
    from !== undefined && sql`${column} >= ${from}::timestamptz`,
    until !== undefined && sql`${column} < ${until}::timestamptz`,
  ]);

async function pageOf<Row extends object>(
  db: Queryable,
  columns: Fragment,
  source: Fragment,
  page: PageRequest,
): Promise<{ rows: Row[]; total: number }> {
  const after = page.after ? sql`and x.public_id < ${page.after[0]}` : sql``;
  const rows = await db.query<Row>(
    sql`select ${columns} from ${source} ${after} order by x.public_id desc limit ${page.limit + 1} offset ${page.offset}`,
  );
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from ${source} limit ${countedTo + 1}) y`,
  );
  return { rows, total: count?.total ?? 0 };
}

const letterColumns = sql`x.public_id as id, x.payload_id, x.account_id, x.item, x.code, x.reason, x.created_at, x.retried_at`;

/** A page of the dead letters of a workspace, newest first. */
export async function listLetters(
  db: Queryable,
  workspaceId: string,
  filter: InboundFilter & { code: DeadLetterCode | undefined },
  page: PageRequest,
): Promise<{ rows: LetterRow[]; total: number }> {
  const where = all([
    sql`x.workspace_id = ${workspaceId} and x.discarded_at is null`,
    filter.accountId !== undefined && sql`x.account_id = ${filter.accountId}`,
    filter.code !== undefined && sql`x.code = ${filter.code}`,
    between(sql`x.created_at`, filter),
  ]);
  return pageOf<LetterRow>(db, letterColumns, sql`dead_letter x where ${where}`, page);
}

export async function findLetter(db: Queryable, workspaceId: string, id: string): Promise<LetterRow | undefined> {
  const [row] = await db.query<LetterRow>(
    sql`select ${letterColumns} from dead_letter x
      where x.workspace_id = ${workspaceId} and x.public_id = ${id} and x.discarded_at is null`,
  );
  return row;
}

/**
 * Discards a dead letter and its content. A retry of the same webhook does not restore it. Gives whether there was one. For
 * the engine's connection.
 */
export async function discardLetter(
  engine: Queryable,
  workspaceId: string,
  id: string,
  now: Date | null,
): Promise<boolean> {
  const rows = await engine.query(
    sql`update dead_letter set discarded_at = clock(${now}), retried_at = null, item = null, reason = ''
      where workspace_id = ${workspaceId} and public_id = ${id} and discarded_at is null returning 1`,
  );
  return rows.length > 0;
}

const webhookColumns = sql`x.public_id as id, (select a.id from account a where a.id = x.lane_key) as account_id, x.app,
  x.received_at, x.processed_at`;

/** A page of the raw webhooks that are only about this workspace, newest first. */
export async function listWebhooks(
  db: Queryable,
  workspaceId: string,
  filter: InboundFilter,
  page: PageRequest,
): Promise<{ rows: WebhookRow[]; total: number }> {
  const where = all([
    sql`x.workspace_id = ${workspaceId}`,
    filter.accountId !== undefined && sql`x.lane_key = ${filter.accountId}`,
    between(sql`x.received_at`, filter),
  ]);
  return pageOf<WebhookRow>(db, webhookColumns, sql`inbound_payload x where ${where}`, page);
}

/** A raw webhook by its public id, or the one of a dead letter; undefined if it is also about other workspaces. */
export async function findWebhook(
  db: Queryable,
  workspaceId: string,
  which: { id: string } | { payloadId: number },
): Promise<WebhookDetailsRow | undefined> {
  const is = 'id' in which ? sql`x.public_id = ${which.id}` : sql`x.id = ${which.payloadId}`;
  const [row] = await db.query<WebhookDetailsRow>(sql`select ${webhookColumns}, r.headers, r.body
    from inbound_payload x cross join lateral raw_webhook(x.id) r where x.workspace_id = ${workspaceId} and ${is}`);
  return row;
}

export type Reopened =
  | { outcome: 'reopened' | 'open'; laneKey: string }
  | { outcome: 'gone' | 'emptied' | 'erasing' }
  | AppUnknown;
export interface AppUnknown {
  outcome: 'app_unknown';
  app: string;
}

/**
 * Opens the webhook of a dead letter once more, for the lane that processes it. An applied item has the same effect
 * as before. For the engine's connection, as only it sees every webhook.
 */
export async function reopenWebhook(
  engine: Queryable,
  workspaceId: string,
  id: string,
  apps: readonly string[],
  now: Date | null,
): Promise<Reopened> {
  const [found] = await engine.query<{
    id: number;
    app: string;
    lane_key: string;
    is_open: boolean;
    is_empty: boolean;
    is_erasing: boolean;
    is_served: boolean;
  }>(
    sql`select p.id, p.app, p.lane_key, p.processed_at is null as is_open, octet_length(p.body) = 0 as is_empty,
        ${isServed(sql`p.app`, apps)} as is_served,
        exists (select 1 from erasure where erased_at is null) as is_erasing
      from dead_letter d join inbound_payload p on p.id = d.payload_id
      where d.workspace_id = ${workspaceId} and d.public_id = ${id} and d.discarded_at is null for update`,
  );
  if (!found) return { outcome: 'gone' };
  if (found.is_open) return { outcome: 'open', laneKey: found.lane_key };
  if (!found.is_served) return { outcome: 'app_unknown', app: found.app };
  if (found.is_empty) return { outcome: 'emptied' };
  // An erasure has looked for open webhooks at its beginning.
  if (found.is_erasing) return { outcome: 'erasing' };
  await engine.query(sql`update inbound_payload set processed_at = null, retried = true where id = ${found.id}`);
  await engine.query(
    sql`update dead_letter set retried_at = clock(${now}) where payload_id = ${found.id} and discarded_at is null`,
  );
  return { outcome: 'reopened', laneKey: found.lane_key };
}
