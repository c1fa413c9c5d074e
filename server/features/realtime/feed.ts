// The feed of one workspace in this process: passes new events on in the order of the log, and checks rights that
// changed before it passes any later event.
import type { CloseCode } from '@recado/contract';
import type { Caller } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { type EventRow, eventUuid, isBeyond, type PresentedEvent } from '../events/index.ts';
import {
  type Access,
  type Audience,
  type Client,
  isTheirs,
  type Prepared,
  type Proof,
  prepare,
  send,
  wants,
} from './client.ts';

export interface FeedNeeds {
  /** The events of these rows as callers see them. */
  present(workspaceId: string, rows: readonly EventRow[]): Promise<PresentedEvent[]>;
  /** Which of these events a caller may read who is limited to some conversations: their ids. */
  readable(caller: Caller, rows: readonly EventRow[]): Promise<ReadonlySet<number>>;
  /** The caller as of now; undefined if the credential is no longer valid. */
  again(proof: Proof): Promise<Caller | undefined>;
  cut(client: Client, code: CloseCode): void;
  clock: Clock;
  log: Logger;
}

export interface Feed {
  workspaceId: string;
  audiences: Map<string, Audience>;
  accesses: Map<string, Access>;
  /** The last event that was passed on, as an id of the API. */
  lastId(): string | undefined;
  /** Takes new events, in order. */
  take(rows: readonly EventRow[]): void;
  /** Reads the rights of these callers again, and cuts connections without any. @throws if they cannot be read */
  check(accesses: readonly Access[]): Promise<void>;
  /** Whether a mark at the last event would not lead this client back. */
  isAhead(client: Client): boolean;
  close(): void;
}

/** Which events callers may read who are limited to some conversations, by their ids. */
type Limited = Map<Access, ReadonlySet<number>>;

/** How many events are presented at once. */
const pageSize = 200;
/** How many events may come while a client catches up. */
const mostPending = 1_000;
/** How many events may wait to be passed on. */
const mostWaiting = 20_000;
/** A client with more bytes than this on its way is too slow. */
export const mostBuffered = 1_048_576;
/** Until an event that could not be passed on is tried again, in milliseconds. */
const retryMs = 1_000;

export function openFeed(needs: FeedNeeds, workspaceId: string): Feed {
  const { clock, log } = needs;
  const audiences: Feed['audiences'] = new Map();
  const accesses: Feed['accesses'] = new Map();
  let waiting: EventRow[] = [];
  let running = false;
  let closed = false;
  let last: { row: EventRow; id: string } | undefined;

  function take(rows: readonly EventRow[]): void {
    waiting.push(...rows);
    if (waiting.length > mostWaiting) {
      waiting = [];
      for (const client of clientsOf(audiences.values())) needs.cut(client, 'unavailable');
    }
    if (!running) void run();
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (waiting.length > 0 && !closed) await passSome();
      running = false;
    } catch (error) {
      log.warn({ err: error, workspace_id: workspaceId }, 'events could not be passed to clients; trying again');
      // It keeps its turn meanwhile, so that no later event is passed.
      clock.after(retryMs, () => void run());
    }
  }

  async function passSome(): Promise<void> {
    const batch = waiting;
    const page = batch.slice(0, pageSize);
    const [first] = page;
    const place = page.findIndex(isAccessChange);
    const rows = first && place === 0 ? [first] : page.slice(0, place === -1 ? pageSize : place);
    if (first && place === 0) await check([...accesses.values()].filter(access => isConcerned(access, first)));
    else await passOn(rows);
    // They became too many, and are all gone.
    if (batch !== waiting) return;
    waiting.splice(0, rows.length);
    const done = rows.at(-1);
    if (done) last = { row: done, id: toId('event', eventUuid(done)) };
  }

  async function passOn(rows: readonly EventRow[]): Promise<void> {
    const wanted = rows.filter(row => [...audiences.values()].some(audience => wants(audience, row)));
    if (wanted.length === 0) return;
    const limited = await readableOf(wanted);
    for (const { row, event } of await needs.present(workspaceId, wanted)) deliver(prepare(row, event), limited);
  }

  /** Of each caller who is limited to some conversations, which of these events they may read. */
  async function readableOf(rows: readonly EventRow[]): Promise<Limited> {
    const limited: Limited = new Map();
    for (const access of accesses.values())
      if (access.caller.reader) limited.set(access, await needs.readable(access.caller, rows));
    return limited;
  }

  function deliver(prepared: Prepared, limited: Limited): void {
    const clients: Client[] = [];
    for (const audience of audiences.values()) {
      if (!wants(audience, prepared.row) || !isTheirs(audience, prepared)) continue;
      if (limited.get(audience.access)?.has(prepared.row.id) === false) continue;
      for (const client of audience.clients) {
        if (client.state === 'catching_up') keepFor(client, prepared);
        if (client.state === 'live' && isNewTo(client, prepared.row)) clients.push(client);
      }
    }
    send(prepared, clients);
    for (const client of clients) if (client.sink.buffered() > mostBuffered) needs.cut(client, 'slow_client');
  }

  async function check(concerned: readonly Access[]): Promise<void> {
    await Promise.all(
      concerned.map(async access => {
        access.checkedAt = clock.now();
        const caller = await needs.again(access.proof);
        const clients = clientsOf(audiences.values(), access);
        if (caller?.workspaceId !== workspaceId) for (const client of clients) needs.cut(client, 'unauthorized');
        else {
          if (hasOtherRights(access.caller, caller)) for (const client of clients) client.sink.access(caller);
          access.caller = caller;
        }
      }),
    );
  }

  return {
    workspaceId,
    audiences,
    accesses,
    lastId: () => last?.id,
    take,
    check,
    isAhead: ({ upTo }) => last !== undefined && (upTo === undefined || isBeyond(last.row, upTo)),
    close() {
      closed = true;
      waiting = [];
    },
  };
}

const isAccessChange = ({ type }: EventRow): boolean => type === 'access.changed';

/** Whether a change of rights may be one of this caller. */
function isConcerned({ caller }: Access, { data }: EventRow): boolean {
  if (data.session_id !== undefined) return data.session_id === caller.sessionId;
  if (data.person_id !== undefined) return caller.kind === 'person' && data.person_id === caller.id;
  if (data.api_key_id !== undefined) return caller.kind === 'api_key' && data.api_key_id === caller.id;
  return true;
}

function hasOtherRights(before: Caller, now: Caller): boolean {
  const rightsOf = ({ role, permissions, accounts, reader, seesNumbers }: Caller) =>
    JSON.stringify([role, [...permissions], accounts, reader?.conversations, seesNumbers]);
  return rightsOf(before) !== rightsOf(now);
}

/** The clients of these audiences, or those of one caller. A copy, as cutting one changes the sets. */
export const clientsOf = (audiences: Iterable<Audience>, access?: Access): Client[] =>
  [...audiences].flatMap(audience => (access === undefined || audience.access === access ? [...audience.clients] : []));

function keepFor(client: Client, prepared: Prepared): void {
  if (client.pending === undefined) return;
  if (client.pending.length < mostPending) client.pending.push(prepared);
  else client.pending = undefined;
}

/** Whether a client lacks an event: it may have read beyond the feed while it caught up. */
function isNewTo(client: Client, row: EventRow): boolean {
  if (client.upTo === undefined) return true;
  if (!isBeyond(row, client.upTo)) return false;
  client.upTo = undefined;
  return true;
}
