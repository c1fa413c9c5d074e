// All clients of this process: opens, counts and ends them, and gives each workspace its feed.
import type { CloseCode } from '@recado/contract';
import { commonProblem } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { EventRow, Tail } from '../events/index.ts';
import { type CatchUpNeeds, catchUp } from './catch-up.ts';
import type { Access, Audience, Client, Filter, Proof, Sink } from './client.ts';
import { problem } from './errors.ts';
import { clientsOf, type Feed, type FeedNeeds, mostBuffered, openFeed } from './feed.ts';

export interface HubNeeds extends Omit<CatchUpNeeds, 'cut'>, Omit<FeedNeeds, 'cut'> {
  tail: Pick<Tail, 'subscribe' | 'onLost'>;
  /** How many connections a caller may have in this process; 0 is unlimited. */
  limit: number;
  /** Called when a client was opened (1) or has ended (-1). */
  counted(transport: Sink['transport']['name'], change: 1 | -1): void;
  /** Called each second while there are clients: how far the last of them is behind. */
  noteBehind(seconds: number): void;
  /** Called when the server ended a client. */
  noteCut(code: CloseCode | 'resync_required'): void;
  clock: Clock;
  log: Logger;
}

export interface NewClient {
  caller: Caller;
  proof: Proof;
  filter: Filter;
  /** The id of the last event that the client has. */
  after: string | undefined;
  sink: Sink;
}

export interface Hub {
  /** @throws AppError if the caller has too many connections, or the server is stopping */
  demandRoom(caller: Caller): void;
  /** Opens a client. Call `demandRoom` before. */
  open(order: NewClient): Client;
  /** The connection of the client has ended. */
  leave(client: Client): void;
  cut(client: Client, code: CloseCode): void;
  close(): void;
}

const tickMs = 1_000;
/** A silent connection gets a heartbeat each so many seconds. A page that misses two of them says that it is not live. */
const beatSeconds = 5;
/** The rights of each caller are read at least this often, in milliseconds: sessions and keys expire without an event. */
const checkMs = 60_000;

export function openHub(needs: HubNeeds): Hub {
  const { clock, log } = needs;
  const feeds = new Map<string, Feed>();
  const counts = new Map<string, number>();
  let opened = 0;
  let ticks = 0;
  let unsubscribe: (() => void) | undefined;
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const parts = { ...needs, cut };

  function take(rows: readonly EventRow[]): void {
    const own = new Map<Feed, EventRow[]>();
    for (const row of rows) {
      const feed = feeds.get(row.workspace_id);
      if (!feed) continue;
      const already = own.get(feed);
      if (already) already.push(row);
      else own.set(feed, [row]);
    }
    for (const [feed, its] of own) feed.take(its);
  }

  function feedOf(workspaceId: string): Feed {
    const known = feeds.get(workspaceId);
    if (known) return known;
    const feed = openFeed(parts, workspaceId);
    feeds.set(workspaceId, feed);
    unsubscribe ??= needs.tail.subscribe(take);
    keepTicking();
    return feed;
  }

  function remove(client: Client): void {
    client.state = 'closed';
    client.pending = undefined;
    const { audience } = client;
    const { access } = audience;
    const { caller } = access;
    audience.clients.delete(client);
    access.clients--;
    const feed = feeds.get(caller.workspaceId);
    if (feed && audience.clients.size === 0) forget(feed, audience);
    const count = (counts.get(caller.id) ?? 1) - 1;
    if (count > 0) counts.set(caller.id, count);
    else counts.delete(caller.id);
    needs.counted(client.sink.transport.name, -1);
  }

  function forget(feed: Feed, audience: Audience): void {
    feed.audiences.delete(keyOf(audience));
    if (audience.access.clients === 0) feed.accesses.delete(audience.access.key);
    if (feed.audiences.size > 0) return;
    feed.close();
    feeds.delete(feed.workspaceId);
    if (feeds.size > 0) return;
    unsubscribe?.();
    unsubscribe = undefined;
    needs.noteBehind(0);
  }

  function cut(client: Client, code: CloseCode): void {
    if (client.state === 'closed') return;
    remove(client);
    needs.noteCut(code);
    client.sink.close(code);
  }

  function tick(): void {
    ticks++;
    const slot = ticks % beatSeconds;
    const now = clock.now();
    for (const feed of feeds.values()) {
      const due = [...feed.accesses.values()].filter(({ checkedAt }) => Math.abs(now - checkedAt) >= checkMs);
      feed
        .check(due)
        .catch(error => log.warn({ err: error }, 'the rights of connected callers could not be read again'));
      for (const client of clientsOf(feed.audiences.values())) if (client.slot === slot) visit(feed, client);
    }
    needs.noteBehind(Math.max(0, ...[...feeds.values()].map(feed => mostBehind(feed))));
    cancel = undefined;
    keepTicking();
  }

  /** Without a client there is nothing to look at. */
  function keepTicking(): void {
    if (feeds.size > 0) cancel ??= clock.after(tickMs, tick);
  }

  function visit(feed: Feed, client: Client): void {
    if (client.state !== 'live') return;
    const lastId = feed.lastId();
    if (client.sink.buffered() > mostBuffered) cut(client, 'slow_client');
    else if (lastId === undefined || lastId === client.lastId || !feed.isAhead(client)) client.sink.beat();
    else {
      client.lastId = lastId;
      client.sink.mark(lastId);
    }
  }

  async function begin(feed: Feed, client: Client, after: string | undefined): Promise<void> {
    try {
      await catchUp(parts, feed, client, after);
      if (client.state !== 'catching_up') return;
      // The client got resync_required.
      remove(client);
      needs.noteCut('resync_required');
    } catch (error) {
      log.warn({ err: error }, 'a client could not catch up');
      cut(client, 'unavailable');
    }
  }

  /** What clients show may be gone from the database: each loads it again. */
  const endOnLost = needs.tail.onLost(() => {
    for (const feed of [...feeds.values()])
      for (const client of clientsOf(feed.audiences.values())) {
        remove(client);
        needs.noteCut('resync_required');
        client.sink.resync(null);
      }
  });

  return {
    demandRoom(caller) {
      if (isClosed) throw commonProblem('unavailable', 'The server is stopping.', { retryAfterSeconds: 1 });
      if (needs.limit > 0 && (counts.get(caller.id) ?? 0) >= needs.limit) throw problem('too_many_connections');
    },
    open({ caller, proof, filter, after, sink }) {
      const feed = feedOf(caller.workspaceId);
      const client: Client = {
        audience: audienceOf(feed, caller, proof, filter, clock.now()),
        sink,
        slot: opened++ % beatSeconds,
        state: 'catching_up',
        pending: [],
        upTo: undefined,
        lastId: undefined,
        behind: 0,
      };
      client.audience.clients.add(client);
      client.audience.access.clients++;
      counts.set(caller.id, (counts.get(caller.id) ?? 0) + 1);
      needs.counted(sink.transport.name, 1);
      void begin(feed, client, after);
      return client;
    },
    leave(client) {
      if (client.state !== 'closed') remove(client);
    },
    cut,
    close() {
      isClosed = true;
      cancel?.();
      endOnLost();
      for (const feed of [...feeds.values()])
        for (const client of clientsOf(feed.audiences.values())) cut(client, 'server_stopping');
    },
  };
}

const mostBehind = ({ audiences }: Feed): number =>
  clientsOf(audiences.values()).reduce((most, { behind }) => Math.max(most, behind), 0);

function audienceOf(feed: Feed, caller: Caller, proof: Proof, filter: Filter, now: number): Audience {
  const key = accessKey(proof);
  const access: Access = feed.accesses.get(key) ?? { key, proof, caller, checkedAt: now, clients: 0 };
  feed.accesses.set(key, access);
  const wanted: Audience = { access, filter, clients: new Set() };
  const audience = feed.audiences.get(keyOf(wanted)) ?? wanted;
  feed.audiences.set(keyOf(wanted), audience);
  return audience;
}

const accessKey = (proof: Proof): string =>
  proof.kind === 'session' ? proof.sessionId : `${proof.hash.toString('base64')} ${proof.address}`;

/** As JSON it tells no types from all types. */
const keyOf = ({ access, filter: { types, accounts, subject } }: Audience): string =>
  JSON.stringify([access.key, types, accounts, subject?.shownId]);
