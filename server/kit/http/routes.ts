// Shared by all routes: the caller, what a route declares, and pages with cursors.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page, PageQuery, Permission, Role } from '@recado/contract';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Scope } from '../db/database.ts';
import { commonProblem, type FieldError } from '../errors.ts';
import type { KeyedAnswer } from './idempotency.ts';

/** The caller: a person with a session, or an API key, as the database has it now. */
export interface Caller extends Scope {
  kind: 'person' | 'api_key';
  /** The UUID of the person or of the key. */
  id: string;
  /** The person's role; undefined for a key. */
  role: Role | undefined;
  sessionId: string | undefined;
  permissions: ReadonlySet<Permission>;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
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

/** Rejects callers limited to some accounts, for routes about the whole workspace. @throws AppError */
export function demandEveryAccount(caller: Caller): void {
  if (caller.accounts !== undefined)
    throw commonProblem('forbidden', 'This is about the whole workspace, but you are limited to some of its accounts.');
}

/** The caller; only on routes that are not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw commonProblem('unauthorized');
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
  /** The sort values of the last item of the previous page. */
  after: string[] | undefined;
}

/**
 * Reads the paging parameters. `shape` validates each part of the cursor, so that a forged one never reaches the
 * database.
 */
export function pageRequest(query: PageQuery, shape: RegExp[]): PageRequest {
  if (query.cursor !== undefined && query.offset !== undefined)
    throw invalid('offset', 'Use either cursor or offset, not both.');
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

/** Whether the date exists, in a year that PostgreSQL supports: Date turns 30 February into another day. */
function isMoment(text: string): boolean {
  const at = new Date(text);
  return text >= '1970' && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 19) === text.slice(0, 19);
}

export const cursorShapes = {
  number: /^\d{1,15}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/,
};

/** Makes the page. The query asked for one row more than the limit, which shows whether there are more. */
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

/** Report at most this many unknown fields; a body may have a million. */
const mostUnknown = 20;

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
      .map(key => ({ field: [...path, String(key).slice(0, 200)].join('.'), message: 'Is not a known field.' }));
  return [{ field: path.join('.') || place, message: issue.message ?? 'Is not valid.' }];
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
