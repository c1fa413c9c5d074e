// The events of a workspace over HTTP: a page, at once or when there is one, and the catalogue.
import {
  eventCatalogue,
  eventExample,
  eventNames,
  eventPage,
  eventTypePage,
  idSchema,
  listEventsQuery,
  problemSchema,
  publicEventSchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, callerOf, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { realClock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { type EventRow, eventUuid, isBeyond, type Position } from './event.ts';
import * as store from './log-store.ts';
import { findEvent, presentEvents } from './present.ts';
import { mayBeAbout, subjectOf } from './subject.ts';
import type { Tail } from './tail.ts';
import { canSee, typesFor } from './visible.ts';

export interface EventNeeds {
  db: ScopedDatabase;
  /** Finds positions of events: the wall may hide the event that a caller saw last. */
  engineDb: Database;
  tail: Tail;
  /** The caller of a request as of now. */
  authenticate: (request: FastifyRequest) => Promise<Caller | undefined>;
}

const defaultLimit = 100;

type Marked = Position & { at: Date };

const eventId = (row: Marked): string => toId('event', eventUuid(row));

/**
 * The position of an event of the caller's workspace, for reading on from there.
 * @throws AppError resync_required if the log no longer has it
 */
async function positionFor(engineDb: Database, caller: Caller, id: string): Promise<Position> {
  const position = await store.positionOf(engineDb, caller.workspaceId, toUuid(id));
  if (position) return position;
  const newest = await store.newestOf(engineDb, caller.workspaceId);
  throw problem('resync_required', undefined, { lastId: newest ? eventId(newest) : null });
}

type ListQuery = z.output<typeof listEventsQuery>;

const filterOf = (query: ListQuery, caller: Caller): store.EventFilter => ({
  workspaceId: caller.workspaceId,
  types: typesFor(caller.permissions, query.types),
  accountId: query.account_id && toUuid(query.account_id),
  accounts: caller.accounts,
  subject: subjectOf(query),
  from: query.from,
  until: query.until,
});

/** A page of the newest events before one, for people who look at the log. */
async function lastPage(
  { db, engineDb }: Pick<EventNeeds, 'db' | 'engineDb'>,
  caller: Caller,
  filter: store.EventFilter,
  before: string,
  limit: number,
) {
  const position = before === 'latest' ? undefined : await positionFor(engineDb, caller, before);
  const mine = db.eventsWithin(caller);
  const rows = await store.eventsBefore(mine, filter, position, limit + 1);
  const some = rows.slice(0, limit);
  const shown = await presentEvents(mine, some);
  const last = some.at(-1);
  return {
    data: shown.map(({ event }) => event),
    has_more: rows.length > limit,
    last_id: last ? eventId(last) : before === 'latest' ? null : before,
  };
}

export function eventRoutes(app: Server, { db, engineDb, tail, authenticate }: EventNeeds): void {
  const tags = ['Events'];
  const waiting = new Set<() => void>();
  // Requests that wait must not hold the stop up.
  app.addHook('preClose', async () => {
    for (const wake of waiting) wake();
  });

  app.get(
    '/api/v1/events',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'listEvents',
        summary: 'Read the events of the workspace, oldest or newest first',
        description:
          'You see the events that your permissions and accounts allow. Read on with `after`: the `last_id` of the previous page. `after=latest` begins with what happens from now on. `before=latest` lists the newest events first. With `wait` the response comes with the first new event. Events of messages stay as long as their message, others for 30 days.',
        querystring: listEventsQuery,
        response: { 200: eventPage, 400: problemSchema, 410: problemSchema },
      },
    },
    async request => {
      const { types, limit = defaultLimit, wait = 0, account_id: accountId } = request.query;
      const first = callerOf(request);
      const filterFor = (caller: Caller) => filterOf(request.query, caller);
      if (request.query.before !== undefined)
        return lastPage({ db, engineDb }, first, filterFor(first), request.query.before, limit);
      const newest = request.query.after === 'latest' ? await store.newestOf(engineDb, first.workspaceId) : undefined;
      const lastId = request.query.after === 'latest' ? newest && eventId(newest) : request.query.after;
      if (request.query.after === 'latest' && wait === 0) return { data: [], has_more: false, last_id: lastId ?? null };
      const after = newest ?? (lastId === undefined ? undefined : await positionFor(engineDb, first, lastId));
      const read = async (caller: Caller) => {
        const mine = db.within(caller);
        // Before the page: what is not in the page is of no use to the caller, up to here.
        const newest = await store.newestOf(engineDb, caller.workspaceId);
        const filter = filterFor(caller);
        const { subject } = filter;
        const rows = subject
          ? await store.eventsAbout(mine, { ...filter, subject }, after, limit + 1)
          : await store.eventsOf(mine, filter, after, limit + 1);
        const shown = await presentEvents(mine, rows.slice(0, limit));
        return { newest, rows, shown };
      };
      let page = await read(first);
      if (page.rows.length === 0 && wait > 0) {
        const wanted = new Set<string>(typesFor(first.permissions, types));
        const account = accountId && toUuid(accountId);
        const subject = subjectOf(request.query);
        await nextEvent(
          tail,
          row =>
            canSee(first, row) &&
            wanted.has(row.type) &&
            (!account || row.account_id === account) &&
            (!subject || mayBeAbout(subject, row)),
          () => read(first),
          wait,
          request,
          waiting,
        );
        // Rights may have been lost meanwhile.
        const caller = await authenticate(request);
        if (!caller) throw commonProblem('unauthorized');
        page = await read(caller);
      }
      const hasMore = page.rows.length > limit;
      const last = hasMore ? page.rows[limit - 1] : laterOf(page.rows.at(-1), page.newest);
      const isBehind = !last || (after && !isBeyond(last, after));
      return {
        data: page.shown.map(({ event }) => event),
        has_more: hasMore,
        last_id: isBehind ? (lastId ?? null) : eventId(last),
      };
    },
  );

  app.get(
    '/api/v1/events/:id',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'getEvent',
        summary: 'Show an event',
        description: 'As it is shown now: its message may be newer than the event.',
        params: z.strictObject({ id: idSchema('event') }),
        response: { 200: publicEventSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const shown = await findEvent(db.within(caller), caller.workspaceId, toUuid(request.params.id));
      if (!shown || !canSee(caller, shown.row)) throw problem('event_not_found');
      return shown.event;
    },
  );

  app.get(
    '/api/v1/event-types',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'listEventTypes',
        summary: 'List the types of events',
        response: { 200: eventTypePage },
      },
    },
    async () => ({ data: catalogue() }),
  );
}

const listTypes = () =>
  eventNames.map(type => ({
    type,
    description: eventCatalogue[type].description,
    permission: eventCatalogue[type].permission,
    since: eventCatalogue[type].since,
    schema: z.toJSONSchema(eventCatalogue[type].data, { io: 'output' }) as Record<string, unknown>,
    example: eventExample(type),
  }));

let listed: ReturnType<typeof listTypes> | undefined;

/** The types of events as the route lists them. Made for the first request: a start does not wait for it. */
function catalogue() {
  listed ??= listTypes();
  return listed;
}

const laterOf = (one: Marked | undefined, other: Marked | undefined) =>
  one && (!other || isBeyond(one, other)) ? one : other;

/** Settles with the first event that the caller may want, after `seconds`, or when the client goes. */
async function nextEvent(
  tail: Tail,
  isWanted: (row: EventRow) => boolean,
  hasCome: () => Promise<{ rows: EventRow[] }>,
  seconds: number,
  { raw: { socket } }: FastifyRequest,
  waiting: Set<() => void>,
): Promise<void> {
  let wake = () => {};
  const first = new Promise<void>(resolve => {
    wake = resolve;
  });
  const end = tail.subscribe(rows => {
    if (rows.some(isWanted)) wake();
  });
  const cancel = realClock.after(seconds * 1_000, wake);
  socket.once('close', wake);
  waiting.add(wake);
  try {
    // Again, now that the tail would tell: an event may have come in between.
    if ((await hasCome()).rows.length === 0) await first;
  } finally {
    end();
    cancel();
    waiting.delete(wake);
    socket.removeListener('close', wake);
  }
}
