// The table endpoint, with the lanes of endpoints.
import type { EndpointStatus, EventFilter, Permission } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import type { EndpointRow } from './endpoint.ts';

const columns = sql`e.id, e.workspace_id, e.url, e.description, e.event_types, e.accounts, e.permissions, e.filter,
  e.header_names, e.format, e.rate_messages, e.rate_seconds, e.concurrency, e.sees_numbers, e.status, e.disabled_reason,
  l.failing_since, e.creator_kind, e.created_by, e.created_at`;
const tables = sql`endpoint e join delivery_lane l on l.endpoint_id = e.id`;

export async function findEndpoint(db: Queryable, workspaceId: string, id: string): Promise<EndpointRow | undefined> {
  const [row] = await db.query<EndpointRow>(
    sql`select ${columns} from ${tables} where e.workspace_id = ${workspaceId} and e.id = ${id}`,
  );
  return row;
}

/** The same, locked until the transaction ends. */
export async function lockEndpoint(tx: Queryable, workspaceId: string, id: string): Promise<EndpointRow | undefined> {
  await tx.query(
    sql`select 1 from delivery_lane where endpoint_id = ${id} and workspace_id = ${workspaceId} for update`,
  );
  return findEndpoint(tx, workspaceId, id);
}

/** A page of endpoints, oldest first. */
export async function listEndpoints(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: EndpointRow[]; total: number }> {
  const rows = await db.query<EndpointRow>(sql`select ${columns} from ${tables} where e.workspace_id = ${workspaceId}
    ${page.after ? sql`and e.id > ${page.after[0]}` : sql``} order by e.id limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from
    (select 1 from endpoint where workspace_id = ${workspaceId} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

/** What callers set, as it is stored. */
export interface EndpointSettings {
  url: string;
  description: string | null;
  eventTypes: string[] | null;
  accounts: string[] | null;
  permissions: Permission[];
  filter: EventFilter | null;
  /** Encrypted. */
  headers: string | null;
  headerNames: string[];
  rateMessages: number | null;
  rateSeconds: number | null;
  concurrency: number;
  seesNumbers: boolean;
  creatorKind: 'person' | 'api_key';
  createdBy: string;
}

/** How many endpoints a workspace has. Waits for others that are being created. */
export async function countEndpoints(tx: Queryable, workspaceId: string): Promise<number> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${workspaceId}, 4))`);
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*) as n from endpoint where workspace_id = ${workspaceId}`,
  );
  return row?.n ?? 0;
}

/** The events of a workspace that are committed already, of the transactions that from_xid does not exclude. */
const seenBefore = (workspaceId: Fragment): Fragment => sql`array(select e.id from logged_event e
  where e.workspace_id = ${workspaceId} and e.xid >= pg_snapshot_xmin(pg_current_snapshot()))`;

export async function insertEndpoint(
  tx: Queryable,
  endpoint: EndpointSettings & { id: string; workspaceId: string; secret: string },
  now: Date,
): Promise<void> {
  const e = endpoint;
  await tx.query(sql`insert into endpoint (id, workspace_id, url, description, event_types, accounts, permissions, filter, headers,
      header_names, rate_messages, rate_seconds, concurrency, sees_numbers, secret, creator_kind, created_by, created_at, changed_at, seen_before)
    values (${e.id}, ${e.workspaceId}, ${e.url}, ${e.description}, ${e.eventTypes}::text[], ${e.accounts}::uuid[],
      ${e.permissions}::text[], ${e.filter && JSON.stringify(e.filter)}::jsonb, ${e.headers}, ${e.headerNames}::text[],
      ${e.rateMessages}, ${e.rateSeconds}, ${e.concurrency}, ${e.seesNumbers}, ${e.secret}, ${e.creatorKind}, ${e.createdBy}, ${now}, ${now},
      ${seenBefore(sql`${e.workspaceId}::uuid`)})`);
  await tx.query(sql`insert into delivery_lane (endpoint_id, workspace_id) values (${e.id}, ${e.workspaceId})`);
}

/** Changes all settings of a locked endpoint. One that was disabled gets no event of the time when it was. */
export async function updateEndpoint(
  tx: Queryable,
  id: string,
  e: EndpointSettings,
  status: EndpointStatus,
  now: Date,
): Promise<void> {
  await tx.query(sql`update endpoint set url = ${e.url}, description = ${e.description}, event_types = ${e.eventTypes}::text[],
      accounts = ${e.accounts}::uuid[], permissions = ${e.permissions}::text[],
      filter = ${e.filter && JSON.stringify(e.filter)}::jsonb, headers = ${e.headers},
      header_names = ${e.headerNames}::text[], rate_messages = ${e.rateMessages}, rate_seconds = ${e.rateSeconds},
      concurrency = ${e.concurrency}, sees_numbers = ${e.seesNumbers}, creator_kind = ${e.creatorKind}, created_by = ${e.createdBy}, changed_at = ${now},
      from_xid = case when status = 'disabled' then pg_snapshot_xmin(pg_current_snapshot()) else from_xid end,
      seen_before = case when status = 'disabled' then ${seenBefore(sql`endpoint.workspace_id`)} else seen_before end,
      status = ${status}, disabled_reason = case when ${status} = 'disabled' then disabled_reason end
    where id = ${id}`);
}

/** Lets a locked endpoint start afresh: its former failures do not count, and what waits because of them is due. */
export async function resetLane(tx: Queryable, id: string, now: Date | null): Promise<void> {
  await tx.query(sql`update delivery_lane set consecutive_failures = 0, failing_since = null, held_until = '-infinity'
    where endpoint_id = ${id}`);
  await tx.query(sql`update open_delivery set due_at = clock(${now})
    where endpoint_id = ${id} and head and round > 0 and due_at > clock(${now})`);
}

/** Deletes an endpoint. Its deliveries go later, in pieces. */
export async function deleteEndpoint(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    sql`delete from endpoint where workspace_id = ${workspaceId} and id = ${id} returning 1 as n`,
  );
  return rows.length > 0;
}

/** The encrypted texts of an endpoint. */
export interface EndpointSecrets {
  id: string;
  workspace_id: string;
  url: string;
  format: EndpointRow['format'];
  concurrency: number;
  sees_numbers: boolean;
  accounts: string[] | null;
  permissions: Permission[];
  headers: string | null;
  secret: string;
  /** Null unless one still signs. */
  former_secrets: string | null;
}

export async function findSecrets(db: Queryable, id: string, now: Date | null): Promise<EndpointSecrets | undefined> {
  const [row] =
    await db.query<EndpointSecrets>(sql`select id, workspace_id, url, format, concurrency, sees_numbers, accounts, permissions,
    headers, secret,
    case when former_until > clock(${now}) then former_secrets end as former_secrets from endpoint where id = ${id}`);
  return row;
}

/** Replaces the secret of a locked endpoint; former ones sign too, the last of them until a time. */
export async function rotateSecret(
  tx: Queryable,
  id: string,
  { secret, former, until }: { secret: string; former: string | null; until: Date | null },
): Promise<void> {
  await tx.query(
    sql`update endpoint set secret = ${secret}, former_secrets = ${former}, former_until = ${until} where id = ${id}`,
  );
}

/** Writes an event about an endpoint in the transaction of the fact. */
export async function noteEndpoint(
  tx: Queryable,
  workspaceId: string,
  type: string,
  endpointId: string,
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select append_event(${workspaceId}, ${type}, null,
    jsonb_build_object('endpoint_id', ${endpointId}::uuid, 'reason', null), clock(${now}))`);
}

/** Writes the test event of an endpoint. `eventType`: the type whose example it gets. */
export async function noteTest(
  tx: Queryable,
  workspaceId: string,
  endpointId: string,
  eventType: string | null,
  now: Date | null,
): Promise<void> {
  await tx.query(sql`select append_event(${workspaceId}, 'endpoint.test', null, jsonb_build_object(
    'endpoint_id', ${endpointId}::uuid, 'reason', null, 'event_type', ${eventType}::text), clock(${now}))`);
}

/** The test event that this transaction has written. */
export async function findTestEvent(tx: Queryable): Promise<{ id: number; at: Date } | undefined> {
  const [row] = await tx.query<{ id: number; at: Date }>(
    sql`select id, at from logged_event where xid = pg_current_xact_id() and type = 'endpoint.test' order by id desc limit 1`,
  );
  return row;
}

/** What an endpoint shows, and who answers for it. */
export type Watched = Pick<
  EndpointRow,
  'id' | 'workspace_id' | 'accounts' | 'permissions' | 'creator_kind' | 'created_by'
>;

/** The endpoints that are not disabled; only those of these creators, if they are given. */
export async function watchedEndpoints(db: Queryable, creators: readonly string[] | undefined): Promise<Watched[]> {
  return db.query<Watched>(sql`select id, workspace_id, accounts, permissions, creator_kind, created_by from endpoint
    where status <> 'disabled' ${creators ? sql`and created_by = any (${[...creators]}::uuid[])` : sql``}`);
}

/**
 * Disables an endpoint whose creator may no longer see its events. Returns whether it was not disabled before. One that
 * somebody changed since it was read stays: the next check looks at it.
 */
export async function disableEndpoint(
  tx: Queryable,
  { id, workspace_id, accounts, permissions, created_by }: Watched,
  now: Date | null,
): Promise<boolean> {
  const rows = await tx.query(sql`
    with disabled as (update endpoint set status = 'disabled', disabled_reason = 'access_lost', changed_at = clock(${now})
      where id = ${id} and status <> 'disabled' and created_by = ${created_by}
        and accounts is not distinct from ${accounts}::uuid[] and permissions = ${permissions}::text[] returning id)
    select append_event(${workspace_id}, 'endpoint.disabled', null,
      jsonb_build_object('endpoint_id', id, 'reason', 'access_lost'), clock(${now})) from disabled`);
  return rows.length > 0;
}
