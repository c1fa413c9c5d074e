// Idempotency-Key: a retry gets the first response again, byte for byte, for 24 hours.
import { createHash } from 'node:crypto';
import { DecryptionError, type Encrypter, placeOf } from '../crypto/encryption.ts';
import { deleteExpired } from '../db/chunks.ts';
import type { Database, Queryable } from '../db/database.ts';
import { type Fragment, sql } from '../db/sql.ts';
import { AppError, commonProblem } from '../errors.ts';
import { newUuid } from '../ids.ts';

export interface KeyedRequest {
  workspaceId: string;
  /** The route, such as `accounts.create`; keys are separate for each route. */
  operation: string;
  /** The header; undefined if a retry may have a second effect. */
  key: string | undefined;
  body: unknown;
  /** The callers that the response is for, such as the UUID of one: the key is rejected for others. */
  by?: string | undefined;
}

export interface KeyedWork {
  status: number;
  body: object;
  /**
   * Work after the commit, such as sending a mail. Retries must wait meanwhile; if it throws, the key is free again.
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

/** Equal for equal bodies, whatever the order of their fields. The schemas drop null where it means no field. */
const hashOf = ({ body, by }: KeyedRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(body, (_name, value: unknown) => (isObject(value) ? sorted(value) : value)))
    .update(by === undefined ? '' : `\nby ${by}`)
    .digest();

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The form of a key in the database: a key may contain a phone number, and must reject a retry after an erasure. */
export const storedKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Longer than any follow-up work takes: after this its process counts as dead. */
const finishedWithin = sql`interval '5 minutes'`;

const whereKey = ({ workspaceId, operation, key }: KeyedRequest) =>
  sql`workspace_id = ${workspaceId} and operation = ${operation} and key = ${key === undefined ? null : storedKey(key)}`;

const placeOfAnswer = ({ workspaceId, operation, key }: KeyedRequest): string =>
  placeOf('idempotency', 'response', `${workspaceId} ${operation} ${key === undefined ? '' : storedKey(key)}`);

/**
 * Runs `work` in one transaction and stores its response under the key, encrypted if a `encrypter` is given: for
 * responses with a secret.
 * @throws AppError idempotency_key_reused for another body, idempotency_key_in_use while the first request runs,
 * idempotency_answer_lost if no key decrypts the first response
 */
export async function idempotently(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
  work: (tx: Queryable) => Promise<KeyedWork>,
  encrypter?: Encrypter,
): Promise<KeyedAnswer> {
  const { answer, finish } = await db.transaction(async tx => {
    const known = await findAnswer(tx, request, encrypter);
    if (known) return { answer: known, finish: undefined };
    const { status, body, finish } = await work(tx);
    const answer = { status, text: JSON.stringify(body) };
    if (request.key !== undefined) {
      const kept = encrypter ? encrypter.encrypt(answer.text, placeOfAnswer(request)) : answer.text;
      await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, http_status, response, created_at)
        values (${request.workspaceId}, ${request.operation}, ${storedKey(request.key)}, ${hashOf(request)}, ${finish ? null : status}, ${kept}, now())`);
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

/**
 * The stored answer to an earlier request with the same key, for work that must not be done again before the transaction.
 * @throws AppError idempotency_key_reused, idempotency_key_in_use
 */
export async function findReplay(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest,
): Promise<KeyedAnswer | undefined> {
  return request.key === undefined ? undefined : db.transaction(tx => findAnswer(tx, request, undefined));
}

async function findAnswer(
  tx: Queryable,
  request: KeyedRequest,
  encrypter: Encrypter | undefined,
): Promise<KeyedAnswer | undefined> {
  const { workspaceId, operation, key } = request;
  if (key === undefined) return undefined;
  const [lock] = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${JSON.stringify([workspaceId, operation, key])}, 3)) as mine`,
  );
  if (!lock?.mine) throw commonProblem('idempotency_key_in_use', undefined, { retryAfterSeconds: 1 });
  await tx.query(sql`delete from idempotency where ${whereKey(request)} and (created_at < now() - interval '24 hours'
    or http_status is null and created_at < now() - ${finishedWithin})`);
  const [row] = await tx.query<{ same: boolean; http_status: number | null; response: string }>(
    sql`select hash = ${hashOf(request)} as same, http_status, response from idempotency where ${whereKey(request)}`,
  );
  if (!row) return undefined;
  if (!row.same) throw commonProblem('idempotency_key_reused');
  if (row.http_status === null) throw commonProblem('idempotency_key_in_use', undefined, { retryAfterSeconds: 5 });
  const text = encrypter ? opened(encrypter, request, row.response) : row.response;
  return { status: row.http_status, text, replayed: true };
}

function opened(encrypter: Encrypter, request: KeyedRequest, response: string): string {
  try {
    return encrypter.open(response, placeOfAnswer(request));
  } catch (error) {
    if (error instanceof DecryptionError) throw commonProblem('idempotency_answer_lost');
    throw error;
  }
}

/** Frees a key whose work was begun and never ended. */
export async function freeKey(db: Pick<Database, 'transaction'>, request: KeyedRequest): Promise<void> {
  if (request.key === undefined) return;
  await db.transaction(tx => tx.query(sql`delete from idempotency where ${whereKey(request)} and http_status is null`));
}

/** Long enough for a blocked event loop. After this silence a process counts as dead. */
const silentFor = sql`interval '10 seconds'`;
const sayEveryMs = 3_000;

/** Work that was begun under a key. */
export interface Begun {
  /** The id under which it was begun; the same one when this request continues an interrupted one. */
  id: string;
  /** Call it before a write that only the current holder may do. @throws AppError if another request has taken over */
  demandHeld(tx: Queryable): Promise<void>;
}

/**
 * Runs work of several transactions, each of which may be repeated, and stores its response under the key. The next
 * request with the key continues interrupted work. With `freesRefused` an error leaves nothing behind, so the key can
 * be used again, even for another body.
 * @throws AppError idempotency_key_reused for another body, idempotency_key_in_use while another request runs
 */
export async function underKey(
  db: Pick<Database, 'query' | 'transaction'>,
  request: KeyedRequest,
  newId: string,
  work: (begun: Begun) => Promise<KeyedAnswer>,
  { freesRefused = false } = {},
): Promise<KeyedAnswer> {
  const { key } = request;
  if (key === undefined) return work({ id: newId, demandHeld: async () => {} });
  const holder = newUuid();
  // Also false if the person that it mentions was erased meanwhile: then nothing is stored.
  const held = sql`${whereKey(request)} and holder = ${holder} and response is null and hash = ${hashOf(request)}`;
  const begun = await takeKey(db, { ...request, key }, newId, holder);
  if ('answer' in begun) return begun.answer;
  const say = setInterval(() => {
    // A lost update does no harm, as the next one follows. If all are lost, another request continues the work.
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
        // A key that expired meanwhile has no holder.
        if (row && row.holder !== holder) throw inUse();
      },
    });
    return await keepAnswer(db, request, held, answer);
  } catch (error) {
    // If it cannot be freed, it expires within a day.
    if (freesRefused && error instanceof AppError && error.status < 500)
      await db.query(sql`delete from idempotency where ${held}`).catch(() => {});
    throw error;
  } finally {
    clearInterval(say);
    // If this update fails, the end of the heartbeat says the same later.
    await db.query(sql`update idempotency set holder = null, at_work_until = null where ${held}`).catch(() => {});
  }
}

const inUse = () => commonProblem('idempotency_key_in_use', undefined, { retryAfterSeconds: 1 });

/** Takes the key, or returns the stored response. */
async function takeKey(
  db: Pick<Database, 'transaction'>,
  request: KeyedRequest & { key: string },
  newId: string,
  holder: string,
): Promise<{ id: string } | { answer: KeyedAnswer }> {
  const { workspaceId, operation, key } = request;
  const where = whereKey(request);
  return db.transaction(async tx => {
    await tx.query(sql`delete from idempotency where ${where} and created_at < now() - interval '24 hours'`);
    await tx.query(sql`insert into idempotency (workspace_id, operation, key, hash, resource_id, created_at)
      values (${workspaceId}, ${operation}, ${storedKey(key)}, ${hashOf(request)}, ${newId}, now()) on conflict do nothing`);
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
    if (!row.same) throw commonProblem('idempotency_key_reused');
    if (row.response !== null) return { answer: { status: row.http_status, text: row.response, replayed: true } };
    if (row.busy) throw inUse();
    await tx.query(
      sql`update idempotency set holder = ${holder}, at_work_until = clock_timestamp() + ${silentFor} where ${where}`,
    );
    return { id: row.id };
  });
}

/** Stores the response, unless another request has taken over: then that one's counts. */
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

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

/** The stored responses that must go. */
export interface Mentions {
  /** A response that contains one of these texts goes. */
  words: readonly string[];
  /** Responses of this operation stay, whatever their text. */
  butFor: string;
  /** A subquery of ids: the key under which one of them was begun goes too. */
  resourceIds: Fragment;
}

/** Empties stored responses. Their keys stay until they expire, and reject a retry. Returns how many were emptied. */
export async function emptyAnswers(
  tx: Queryable,
  workspaceId: string,
  { words, butFor, resourceIds }: Mentions,
): Promise<number> {
  const within = words.map(word => `%${escaped(word)}%`);
  const [row] = await tx.query<{ n: number }>(sql`
    with named as materialized (
      select i.ctid as place from idempotency i
      where i.workspace_id = ${workspaceId} and i.hash <> ''::bytea
        and (i.response like any (${within}::text[]) and i.operation <> ${butFor} or i.resource_id in (${resourceIds}))
      for update),
    emptied as (update idempotency i set hash = '', response = null from named n where i.ctid = n.place returning 1)
    select count(*)::int as n from emptied`);
  return row?.n ?? 0;
}

/** Deletes one batch of expired keys. Returns whether there may be more. */
export const deleteExpiredKeys = (db: Queryable, now: Date | null): Promise<boolean> =>
  deleteExpired(db, sql`idempotency`, sql`created_at < clock(${now}) - interval '24 hours'`);
