// Idempotency-Key: a repeated request gets the first answer again, to the byte, for 24 hours.
import { createHash } from 'node:crypto';
import type { Database, Queryable } from './db.ts';
import { refuseCommon } from './errors.ts';
import { sql } from './sql.ts';

export interface KeyedRequest {
  workspaceId: string;
  /** The route, as `accounts.create`; the same key on another one is another key. */
  operation: string;
  /** The header; undefined for requests that may be repeated with a second effect. */
  key: string | undefined;
  body: unknown;
}

export interface KeyedAnswer {
  status: number;
  /** The body as JSON text. */
  text: string;
}

/** The same for the same body, however the fields of its objects are ordered. */
const hashOf = (body: unknown): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(body, (_name, value: unknown) => (isObject(value) ? sorted(value) : value)))
    .digest();

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Does `work` in one transaction and keeps its answer under the key.
 * @throws AppError idempotency_key_reused for another body, idempotency_key_in_use while the first is at work
 */
export async function idempotently(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
  work: (tx: Queryable) => Promise<{ status: number; body: object }>,
): Promise<KeyedAnswer> {
  return db.transaction(async tx => {
    const known = await findAnswer(tx, request);
    if (known) return known;
    const { status, body } = await work(tx);
    const answer = { status, text: JSON.stringify(body) };
    if (request.key !== undefined)
      await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, http_status, response, created_at)
        values (${request.workspaceId}, ${request.operation}, ${request.key}, ${hashOf(request.body)}, ${status}, ${answer.text}, now())`);
    return answer;
  });
}

async function findAnswer(
  tx: Queryable,
  { workspaceId, operation, key, body }: KeyedRequest,
): Promise<KeyedAnswer | undefined> {
  if (key === undefined) return undefined;
  const [lock] = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${JSON.stringify([workspaceId, operation, key])}, 3)) as mine`,
  );
  if (!lock?.mine) throw refuseCommon('idempotency_key_in_use', undefined, { retryAfterSeconds: 1 });
  const where = sql`workspace_id = ${workspaceId} and operation = ${operation} and key = ${key}`;
  await tx.query(sql`delete from idempotency where ${where} and created_at < now() - interval '24 hours'`);
  const [row] = await tx.query<{ same: boolean; http_status: number; response: string }>(
    sql`select hash = ${hashOf(body)} as same, http_status, response from idempotency where ${where}`,
  );
  if (!row) return undefined;
  if (!row.same) throw refuseCommon('idempotency_key_reused');
  return { status: row.http_status, text: row.response };
}

/**
 * Reserves a key for work that goes over several transactions, each of which may be repeated: gives the id under which
 * it was begun, and the answer where it is done.
 */
export async function beginKeyed(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
  newId: string,
): Promise<{ id: string; answer: KeyedAnswer | undefined }> {
  const { workspaceId, operation, key, body } = request;
  if (key === undefined) return { id: newId, answer: undefined };
  return db.transaction(async tx => {
    const where = sql`workspace_id = ${workspaceId} and operation = ${operation} and key = ${key}`;
    await tx.query(sql`delete from idempotency where ${where} and created_at < now() - interval '24 hours'`);
    await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
      values (${workspaceId}, ${operation}, ${key}, ${hashOf(body)}, ${newId}, now()) on conflict do nothing`);
    const [row] = await tx.query<{ same: boolean; id: string; http_status: number; response: string | null }>(
      sql`select hash = ${hashOf(body)} as same, resource_id as id, http_status, response from idempotency where ${where}`,
    );
    if (!row?.same) throw refuseCommon('idempotency_key_reused');
    return { id: row.id, answer: row.response === null ? undefined : { status: row.http_status, text: row.response } };
  });
}

/** Keeps the answer of work that was begun with `beginKeyed`; the first one stays. Gives the one that counts. */
export async function endKeyed(db: Queryable, request: KeyedRequest, answer: KeyedAnswer): Promise<KeyedAnswer> {
  if (request.key === undefined) return answer;
  const [row] = await db.query<{ http_status: number; response: string }>(sql`
    update idempotency set http_status = coalesce(http_status, ${answer.status}), response = coalesce(response, ${answer.text})
    where workspace_id = ${request.workspaceId} and operation = ${request.operation} and key = ${request.key}
    returning http_status, response`);
  return row ? { status: row.http_status, text: row.response } : answer;
}
