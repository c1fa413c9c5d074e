// What routes share: who calls, what a route declares, pages with cursors.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page, PageQuery, Permission, Role } from '@recado/contract';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Scope } from '../db/database.ts';
import { type FieldError, refuseCommon } from '../errors.ts';
import type { KeyedAnswer } from './idempotency.ts';

/** Who is calling: a person with a session, or an API key, as the database has them at this moment. */
export interface Caller extends Scope {
  kind: 'person' | 'api_key';
  /** The UUID of the person or of the key. */
  id: string;
  /** Of a person. */
  role: Role | undefined;
  sessionId: string | undefined;
  permissions: ReadonlySet<Permission>;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** What a caller needs to be allowed. Each route declares this, or that it is public. */
    permission?: Permission;
    public?: true;
    /** Whether the body may take longer than that of other routes: a file. */
    slowBody?: true;
  }
}

/** The server as routes see it, with types out of their schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Refuses who is limited to some accounts what concerns the whole workspace. @throws AppError */
export function demandEveryAccount(caller: Caller): void {
  if (caller.accounts !== undefined)
    throw refuseCommon('forbidden', 'This needs access to all accounts of the workspace.');
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw refuseCommon('unauthorized');
  return request.caller;
}

/** The header of an answer that repeats the first answer under the same Idempotency-Key. */
export const replayedHeader = 'idempotent-replayed';

/** Sends a stored body unchanged, and says whether it repeats an earlier answer. */
export function sendKept(reply: FastifyReply, { status, text, replayed }: KeyedAnswer): never {
  if (replayed) reply.header(replayedHeader, 'true');
  return reply.code(status).type('application/json; charset=utf-8').serializer(String).send(text) as never;
}

export const countedTo = 10_000;
const defaultLimit = 50;

export interface PageRequest {
  limit: number;
  offset: number;
  /** What the last item of the page before was sorted by. */
  after: string[] | undefined;
}

/**
 * Reads the paging parameters. `shape` tests each part of the cursor, so that a forged one is refused here and never
 * reaches the database.
 */
export function pageRequest(query: PageQuery, shape: RegExp[]): PageRequest {
  if (query.cursor !== undefined && query.offset !== undefined)
    throw invalid('offset', 'Must not be together with cursor.');
  return {
    limit: query.limit ?? defaultLimit,
    offset: query.offset ?? 0,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor, shape),
  };
}

function readCursor(cursor: string, shape: RegExp[]): string[] {
  const wrong = invalid('cursor', 'Must be the next_cursor of the previous page.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw wrong;
  }
  if (!Array.isArray(parts) || parts.length !== shape.length) throw wrong;
  if (!parts.every((part, index) => typeof part === 'string' && shape[index]?.test(part))) throw wrong;
  if (parts.some((part, index) => shape[index] === cursorShapes.time && !isMoment(part))) throw wrong;
  return parts;
}

/** Whether it is a moment that there is, of a year that a database has: Date makes another day of 30 February. */
function isMoment(text: string): boolean {
  const at = new Date(text);
  return text >= '1970' && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 19) === text.slice(0, 19);
}

export const cursorShapes = {
  number: /^\d{1,15}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/,
};

/** Makes the page: the rows were asked for with one more than the limit, which tells whether there are more. */
export function toPage<Row, Item>(
  rows: Row[],
  request: PageRequest,
  total: number,
  present: (row: Row) => Item,
  cursorOf: (row: Row) => string[],
): Page<Item> {
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > request.limit;
  return {
    data: shown.map(present),
    page: {
      next_cursor: hasMore && last ? Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') : null,
      has_more: hasMore,
      total: total > countedTo ? null : total,
    },
  };
}

/** So many unknown fields are named; a body can have a million. */
const mostUnknown = 20;

/**
 * What a body or a part of it is blamed for: each unknown field is named by itself, everything else by its path
 * (`text.body`), a whole part by its place.
 */
export function fieldErrors(
  path: string[],
  issue: { message?: string | undefined; unknownKeys: unknown },
  place: string,
): FieldError[] {
  if (Array.isArray(issue.unknownKeys))
    return issue.unknownKeys
      .slice(0, mostUnknown)
      .map(key => ({ field: [...path, String(key).slice(0, 200)].join('.'), message: 'Is not a known field.' }));
  return [{ field: path.join('.') || place, message: issue.message ?? 'Is not valid.' }];
}

/** What a value that was read by hand is blamed for. */
export const fieldErrorsOf = (issues: readonly z.core.$ZodIssue[]): FieldError[] =>
  issues.flatMap(issue =>
    fieldErrors(
      issue.path.map(String),
      { message: issue.message, unknownKeys: issue.code === 'unrecognized_keys' ? issue.keys : undefined },
      'body',
    ),
  );

/** The fields with what is wrong with each, as one sentence. */
export const fieldsInWords = (fields: FieldError[]): string =>
  fields.map(({ field, message }) => `${field}: ${message}`).join(' ');

/** A 400 for one field. */
export const invalid = (field: string, message: string) =>
  refuseCommon('invalid_request', `${field}: ${message}`, { fields: [{ field, message }] });
