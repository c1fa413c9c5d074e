// Idempotency-Key: a repeated request gets the first answer again, to the byte, for 24 hours.
import { createHash } from 'node:crypto';
import type { Database, Queryable } from './db.ts';
import { refuseCommon } from './errors.ts';
import { placeOf, SealError, type Sealer } from './sealed.ts';
import { sql } from './sql.ts';

export interface KeyedRequest {
  workspaceId: string;
  /** The route, as `accounts.create`; the same key on another one is another key. */
  operation: string;
  /** The header; undefined for requests that may be repeated with a second effect. */
  key: string | undefined;
  body: unknown;
  /** Who asks (a UUID), where the answer is for nobody else: from others the same key is refused. */
  by?: string | undefined;
}

export interface KeyedWork {
  status: number;
  body: object;
  /**
   * What follows once it is written, as a letter. A repeat is told to wait meanwhile; where this throws, the key is free
   * again.
   */
  finish?: (() => Promise<void>) | undefined;
}

export interface KeyedAnswer {
  status: number;
  /** The body as JSON text. */
  text: string;
}

/** The same for the same body, however the fields of its objects are ordered. */
const hashOf = ({ body, by }: KeyedRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(body, (_name, value: unknown) => (isObject(value) ? sorted(value) : value)))
    .update(by === undefined ? '' : `\nby ${by}`)
    .digest();

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Longer than anything that follows takes: who has not finished by then is gone. */
const finishedWithin = sql`interval '5 minutes'`;

const whereKey = ({ workspaceId, operation, key }: KeyedRequest) =>
  sql`workspace_id = ${workspaceId} and operation = ${operation} and key = ${key}`;

const placeOfAnswer = ({ workspaceId, operation, key }: KeyedRequest): string =>
  placeOf('idempotency', 'response', `${workspaceId} ${operation} ${key}`);

/**
 * Does `work` in one transaction and keeps its answer under the key; sealed, where a sealer is given: for answers with a
 * secret in them.
 * @throws AppError idempotency_key_reused for another body, idempotency_key_in_use while the first is at work,
 * idempotency_answer_lost where no key opens the first answer
 */
export async function idempotently(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
  work: (tx: Queryable) => Promise<KeyedWork>,
  sealer?: Sealer,
): Promise<KeyedAnswer> {
  const { answer, finish } = await db.transaction(async tx => {
    const known = await findAnswer(tx, request, sealer);
    if (known) return { answer: known, finish: undefined };
    const { status, body, finish } = await work(tx);
    const answer = { status, text: JSON.stringify(body) };
    if (request.key !== undefined) {
      const kept = sealer ? sealer.seal(answer.text, placeOfAnswer(request)) : answer.text;
      await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, http_status, response, created_at)
        values (${request.workspaceId}, ${request.operation}, ${request.key}, ${hashOf(request)}, ${finish ? null : status}, ${kept}, now())`);
    }
    return { answer, finish };
  });
  if (!finish) return answer;
  await finish().catch(async error => {
    await freeKey(db, request);
    throw error;
  });
  if (request.key !== undefined)
    await db.transaction(tx =>
      tx.query(
        sql`update idempotency set http_status = ${answer.status} where ${whereKey(request)} and http_status is null`,
      ),
    );
  return answer;
}

async function findAnswer(
  tx: Queryable,
  request: KeyedRequest,
  sealer: Sealer | undefined,
): Promise<KeyedAnswer | undefined> {
  const { workspaceId, operation, key } = request;
  if (key === undefined) return undefined;
  const [lock] = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${JSON.stringify([workspaceId, operation, key])}, 3)) as mine`,
  );
  if (!lock?.mine) throw refuseCommon('idempotency_key_in_use', undefined, { retryAfterSeconds: 1 });
  await tx.query(sql`delete from idempotency where ${whereKey(request)} and (created_at < now() - interval '24 hours'
    or http_status is null and created_at < now() - ${finishedWithin})`);
  const [row] = await tx.query<{ same: boolean; http_status: number | null; response: string }>(
    sql`select hash = ${hashOf(request)} as same, http_status, response from idempotency where ${whereKey(request)}`,
  );
  if (!row) return undefined;
  if (!row.same) throw refuseCommon('idempotency_key_reused');
  if (row.http_status === null) throw refuseCommon('idempotency_key_in_use', undefined, { retryAfterSeconds: 5 });
  return { status: row.http_status, text: sealer ? opened(sealer, request, row.response) : row.response };
}

function opened(sealer: Sealer, request: KeyedRequest, response: string): string {
  try {
    return sealer.open(response, placeOfAnswer(request));
  } catch (error) {
    if (error instanceof SealError) throw refuseCommon('idempotency_answer_lost');
    throw error;
  }
}

/** Makes a key free again whose work was begun and did not end. */
export async function freeKey(db: Pick<Database, 'transaction'>, request: KeyedRequest): Promise<void> {
  if (request.key === undefined) return;
  await db.transaction(tx => tx.query(sql`delete from idempotency where ${whereKey(request)} and http_status is null`));
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
  const { workspaceId, operation, key } = request;
  if (key === undefined) return { id: newId, answer: undefined };
  return db.transaction(async tx => {
    const where = whereKey(request);
    await tx.query(sql`delete from idempotency where ${where} and created_at < now() - interval '24 hours'`);
    await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
      values (${workspaceId}, ${operation}, ${key}, ${hashOf(request)}, ${newId}, now()) on conflict do nothing`);
    const [row] = await tx.query<{ same: boolean; id: string; http_status: number; response: string | null }>(
      sql`select hash = ${hashOf(request)} as same, resource_id as id, http_status, response from idempotency where ${where}`,
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
    where ${whereKey(request)}
    returning http_status, response`);
  return row ? { status: row.http_status, text: row.response } : answer;
}
