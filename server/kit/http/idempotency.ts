// Idempotency-Key: a repeated request gets the first answer again, to the byte, for 24 hours.
import { createHash } from 'node:crypto';
import { placeOf, SealError, type Sealer } from '../crypto/encryption.ts';
import type { Database, Queryable } from '../db/database.ts';
import { type Fragment, sql } from '../db/sql.ts';
import { AppError, refuseCommon } from '../errors.ts';
import { newUuid } from '../ids.ts';

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
  /** True for the stored answer to an earlier request with the same key. */
  replayed?: boolean;
}

/** The hash of a body, whatever the order of its fields. The schemas of bodies drop null where it means no field. */
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
  const text = sealer ? opened(sealer, request, row.response) : row.response;
  return { status: row.http_status, text, replayed: true };
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

/** Long enough for an event loop that is held up. Who has not said for so long that it is at work is gone. */
const silentFor = sql`interval '10 seconds'`;
const sayEveryMs = 3_000;

/** Work that was begun under a key. */
export interface Begun {
  /** The id under which it was begun: the same one, where an earlier request was cut off and this one goes on with it. */
  id: string;
  /** Before something is written that nobody else may write over. @throws AppError where another request has taken over */
  demandHeld(tx: Queryable): Promise<void>;
}

/**
 * Does work that goes over several transactions, each of which may be repeated, and keeps its answer under the key. What
 * is cut off is gone on with by the next request with the key. `freesRefused`: a refusal leaves nothing behind, so its key
 * can be used again, for another body too.
 * @throws AppError idempotency_key_reused for another body, idempotency_key_in_use while another request is at it
 */
export async function underKey(
  db: Pick<Database, 'query' | 'transaction'>,
  request: KeyedRequest,
  newId: string,
  work: (begun: Begun) => Promise<KeyedAnswer>,
  { freesRefused = false } = {},
): Promise<KeyedAnswer> {
  if (request.key === undefined) return work({ id: newId, demandHeld: async () => {} });
  const holder = newUuid();
  // Also not where the person that it speaks of has been erased meanwhile: then nothing is kept.
  const held = sql`${whereKey(request)} and holder = ${holder} and response is null and hash = ${hashOf(request)}`;
  const begun = await takeKey(db, request, newId, holder);
  if ('answer' in begun) return begun.answer;
  const say = setInterval(() => {
    // One that is lost is made good by the next; where all are, another request goes on with the work.
    db.query(sql`update idempotency set at_work_until = clock_timestamp() + ${silentFor} where ${held}`).catch(
      () => {},
    );
  }, sayEveryMs).unref();
  try {
    const answer = await work({
      id: begun.id,
      async demandHeld(tx) {
        const [row] = await tx.query<{ holder: string | null }>(
          sql`select holder from idempotency where ${whereKey(request)} for update`,
        );
        // A key that was forgotten meanwhile is nobody's.
        if (row && row.holder !== holder) throw inUse();
      },
    });
    return await keepAnswer(db, request, held, answer);
  } catch (error) {
    // Where it cannot be freed, it is so in a day.
    if (freesRefused && error instanceof AppError && error.status < 500)
      await db.query(sql`delete from idempotency where ${held}`).catch(() => {});
    throw error;
  } finally {
    clearInterval(say);
    // Whoever cannot say that the work is over is silent from here on, which says it too.
    await db.query(sql`update idempotency set holder = null, at_work_until = null where ${held}`).catch(() => {});
  }
}

const inUse = () => refuseCommon('idempotency_key_in_use', undefined, { retryAfterSeconds: 1 });

/** Takes the key, or gives the answer that is kept under it. */
async function takeKey(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
  newId: string,
  holder: string,
): Promise<{ id: string } | { answer: KeyedAnswer }> {
  const { workspaceId, operation, key } = request;
  const where = whereKey(request);
  return db.transaction(async tx => {
    await tx.query(sql`delete from idempotency where ${where} and created_at < now() - interval '24 hours'`);
    await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
      values (${workspaceId}, ${operation}, ${key}, ${hashOf(request)}, ${newId}, now()) on conflict do nothing`);
    const [row] = await tx.query<{
      same: boolean;
      id: string;
      http_status: number;
      response: string | null;
      busy: boolean;
    }>(
      sql`select hash = ${hashOf(request)} as same, resource_id as id, http_status, response,
        coalesce(at_work_until > clock_timestamp(), false) as busy from idempotency where ${where} for update`,
    );
    // Freed between the two statements.
    if (!row) throw inUse();
    if (!row.same) throw refuseCommon('idempotency_key_reused');
    if (row.response !== null) return { answer: { status: row.http_status, text: row.response, replayed: true } };
    if (row.busy) throw inUse();
    await tx.query(
      sql`update idempotency set holder = ${holder}, at_work_until = clock_timestamp() + ${silentFor} where ${where}`,
    );
    return { id: row.id };
  });
}

/** Keeps the answer, unless another request has taken over: then the one of that counts. */
async function keepAnswer(
  db: Pick<Database, 'query'>,
  request: KeyedRequest,
  held: Fragment,
  answer: KeyedAnswer,
): Promise<KeyedAnswer> {
  const kept = await db.query(
    sql`update idempotency set http_status = ${answer.status}, response = ${answer.text} where ${held} returning 1`,
  );
  if (kept.length > 0) return answer;
  const [other] = await db.query<{ http_status: number | null; response: string | null }>(
    sql`select http_status, response from idempotency where ${whereKey(request)} and hash = ${hashOf(request)}`,
  );
  if (!other) return answer;
  if (other.response === null || other.http_status === null) throw inUse();
  return { status: other.http_status, text: other.response, replayed: true };
}
