// Shared by all routes: the caller, what a route declares, and pages with cursors.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page, PageQuery, Permission, Role } from '@recado/contract';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { DecryptionError, type Encrypter } from '../crypto/encryption.ts';
import type { Scope } from '../db/database.ts';
import { commonProblem, type FieldError } from '../errors.ts';
import { toId } from '../ids.ts';
import type { KeyedAnswer } from './idempotency.ts';
import { presenterFor } from './masking.ts';

/** The caller: a person with a session, or an API key, as the database has it now. */
export interface Caller extends Scope {
  kind: 'person' | 'api_key';
  /** The UUID of the person or of the key. */
  id: string;
  /** Its name; undefined where Recado acts for it by itself, and nobody reads the answer. */
  name: string | undefined;
  /** Whether it sees the phone numbers of contacts. */
  seesNumbers: boolean;
  /** The person's role; undefined for a key. */
  role: Role | undefined;
  sessionId: string | undefined;
  permissions: ReadonlySet<Permission>;
}

/** The person or the key in whose name Recado sends by itself, without a request. */
export const callerByItself = (kind: Caller['kind'], id: string, workspaceId: string): Caller => ({
  ...{ kind, id, workspaceId, name: undefined, role: undefined, sessionId: undefined },
  ...{ accounts: undefined, seesNumbers: true, permissions: new Set() },
});

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
    /** The code of the error that was answered. */
    refusal: string | undefined;
  }
  interface FastifyInstance {
    /** Encrypts the cursors of lists. */
    cursors: Encrypter;
  }
  interface FastifyContextConfig {
    /** The permission that the route requires. Each route declares one, or that it is public. */
    permission?: Permission;
    public?: true;
    /**
     * Whether a public route has no limit per address: it is cheap, and one address may send many good requests. All
     * other public routes are counted, because they cost work before the caller is known.
     */
    uncounted?: true;
    /** Whether the number in the body is where the request sends: it is no look-up. */
    sends?: true;
    /** Whether the body may take longer than usual: a file. */
    slowBody?: true;
  }
}

/** The server with types inferred from schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Rejects callers limited to some accounts or conversations, for routes about the whole workspace. @throws AppError */
export function demandEveryAccount(caller: Caller): void {
  if (caller.accounts !== undefined)
    throw commonProblem('forbidden', 'This is about the whole workspace, but you are limited to some of its accounts.');
  if (caller.reader)
    throw commonProblem('forbidden', 'This is about the whole workspace, but you read only some of its conversations.');
}

/** The caller; only on routes that are not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw commonProblem('unauthorized');
  return request.caller;
}

/** The id of a caller as the API shows it. */
export const callerId = ({ kind, id }: Pick<Caller, 'kind' | 'id'>): string => toId(kind, id);

/** The header of an answer that repeats the first answer under the same Idempotency-Key. */
export const replayedHeader = 'idempotent-replayed';

/** Sends a stored body, and says whether it repeats an earlier answer. Only numbers that the caller may not see change. */
export function sendKept(reply: FastifyReply, { status, text, replayed }: KeyedAnswer): never {
  if (replayed) reply.header(replayedHeader, 'true');
  // Hooks of serialization do not run for a text.
  const { caller } = reply.request;
  const shown = caller?.seesNumbers === false ? JSON.stringify(presenterFor(caller).shown(JSON.parse(text))) : text;
  return reply.code(status).type('application/json; charset=utf-8').serializer(String).send(shown) as never;
}

/** For `preValidation` of a route whose whole body is optional: no body is an empty one; `null` stays wrong. */
export async function bodyMayLack(request: FastifyRequest): Promise<void> {
  if (request.body === undefined) request.body = {};
}

export const countedTo = 10_000;
const defaultLimit = 50;

export interface PageRequest {
  limit: number;
  offset: number;
  /** The sort values of the last item of the previous page. */
  after: string[] | undefined;
}

/** A page that a request asks for, and how its list writes the cursor of the next one. */
export interface ListRequest extends PageRequest {
  cursorOf: (sortValues: string[]) => string;
}

/**
 * Reads the paging parameters. A cursor is encrypted: it shows nothing of the database, cannot be forged, and works
 * only in its own workspace, with its own path and filters.
 */
export function pageRequest(request: FastifyRequest): ListRequest {
  const { limit, offset, cursor, ...filters } = request.query as PageQuery & Record<string, unknown>;
  if (cursor !== undefined && offset !== undefined) throw invalid('offset', 'Use either cursor or offset, not both.');
  const { cursors } = request.server;
  const given = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
  const { params, routeOptions } = request;
  const place = [callerOf(request).workspaceId, routeOptions.url, params, given];
  const context = JSON.stringify(place);
  return {
    limit: limit ?? defaultLimit,
    offset: offset ?? 0,
    after: cursor === undefined ? undefined : readCursor(cursors, cursor, context),
    cursorOf: sortValues => cursors.encrypt(JSON.stringify(sortValues), context),
  };
}

function readCursor(cursors: Encrypter, cursor: string, context: string): string[] {
  try {
    return JSON.parse(cursors.open(cursor, context));
  } catch (error) {
    if (!(error instanceof DecryptionError)) throw error;
    throw invalid('cursor', 'Must be the next_cursor of the previous page, with the same path and filters.');
  }
}

/** Makes the page. The query asked for one row more than the limit, which shows whether there are more. */
export function toPage<Row, Item>(
  rows: Row[],
  request: ListRequest,
  total: number,
  present: (row: Row) => Item,
  sortValuesOf: (row: Row) => string[],
): Page<Item> {
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > request.limit;
  return {
    data: shown.map(present),
    page: {
      next_cursor: hasMore && last ? request.cursorOf(sortValuesOf(last)) : null,
      has_more: hasMore,
      total: total > countedTo ? null : total,
    },
  };
}

/** Report at most this many unknown fields; a body may have a million. */
const mostUnknown = 20;

/** A path as callers write it: `contacts[0].name`. */
const pathOf = (path: string[]): string =>
  path.reduce(
    (before, step) => (/^\d+$/.test(step) ? `${before}[${step}]` : (before && `${before}.${step}`) || step),
    '',
  );

/**
 * The errors of a body or of a part: unknown fields by name, other errors by path (`text.body`), and errors of a
 * whole part by its position.
 */
export function fieldErrors(
  path: string[],
  issue: { message?: string | undefined; unknownKeys: unknown },
  place: string,
): FieldError[] {
  if (Array.isArray(issue.unknownKeys))
    return issue.unknownKeys
      .slice(0, mostUnknown)
      .map(key => ({ field: pathOf([...path, String(key).slice(0, 200)]), message: 'Is not a known field.' }));
  return [{ field: pathOf(path) || place, message: issue.message ?? 'Is not valid.' }];
}

/** The errors of a value that was parsed by hand. */
export const fieldErrorsOf = (issues: readonly z.core.$ZodIssue[]): FieldError[] =>
  onePerField(
    issues.flatMap(issue =>
      fieldErrors(
        issue.path.map(String),
        { message: issue.message, unknownKeys: issue.code === 'unrecognized_keys' ? issue.keys : undefined },
        'body',
      ),
    ),
  );

/** The first error of each field: the others follow from it. */
export function onePerField(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ field }) => !seen.has(field) && seen.add(field));
}

/** The field errors as one sentence. */
export const fieldsInWords = (fields: FieldError[]): string =>
  fields.map(({ field, message }) => `${field}: ${message}`).join(' ');

/** A 400 for one field. */
export const invalid = (field: string, message: string) =>
  commonProblem('invalid_request', `${field}: ${message}`, { fields: [{ field, message }] });
