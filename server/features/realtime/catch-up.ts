// Catching up: a client reads what it missed from the log, and then gets what came meanwhile and what comes.
import type { CloseCode } from '@recado/contract';
import type { Semaphore } from '../../kit/async/semaphore.ts';
import { toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { type EventRow, eventUuid, isBeyond, type Position, type PresentedEvent } from '../events/index.ts';
import { type Client, prepare, send, wants } from './client.ts';
import type { Feed } from './feed.ts';

export interface CatchUpNeeds {
  /** The position of an event of a workspace, by its id in the API; undefined where the log does not have it. */
  find(workspaceId: string, id: string): Promise<Position | undefined>;
  /** The newest event of a workspace that can be read now. */
  newest(workspaceId: string): Promise<(Position & { at: Date }) | undefined>;
  /** What these clients may see after a position, in order: all that can be read now, up to a limit. */
  read(client: Client, after: Position | undefined, limit: number): Promise<EventRow[]>;
  present(workspaceId: string, rows: readonly EventRow[]): Promise<PresentedEvent[]>;
  /** Lets only some clients read at once. */
  inTurn: Semaphore;
  cut(client: Client, code: CloseCode): void;
  clock: Clock;
}

/** The first page, and the next ones of a client that is further behind. */
const [firstPage, nextPage] = [100, 500];
/** With more bytes on their way to the client, its next page waits. */
const enoughBuffered = 262_144;
/** The pause between two checks of a page that waits, in milliseconds, and how many at most. */
const [checkMs, mostChecks] = [50, 1_200];

/**
 * Sends a client what it missed since `after`, and lets it live. The client must be in its feed already: then each
 * event is in the log that it reads, or comes through the feed, or both. Where the log does not have the event, the
 * client gets resync_required and is closed.
 */
export async function catchUp(
  needs: CatchUpNeeds,
  feed: Feed,
  client: Client,
  after: string | undefined,
): Promise<void> {
  const newest = await needs.inTurn(() => needs.newest(feed.workspaceId));
  const newestId = newest && toId('event', eventUuid(newest));
  const known = after === undefined ? newest : await needs.inTurn(() => needs.find(feed.workspaceId, after));
  if (client.state === 'closed') return;
  if (after !== undefined && known === undefined) return client.sink.resync(newestId ?? null);
  const startId = after ?? newestId;
  if (startId !== undefined) mark(client, startId);
  else client.sink.beat();
  let upTo: Position | undefined = known;
  let limit = firstPage;
  for (let isWhole = false; !isWhole; ) {
    // From here on the feed keeps what it passes on.
    client.pending ??= [];
    const { rows, shown, newestAt } = await needs.inTurn(() => readPage(needs, feed, client, upTo, limit));
    if (isClosed(client)) return;
    for (const prepared of shown) send(prepared, [client]);
    const last = rows.at(-1);
    if (last) upTo = { xid: last.xid, id: last.id };
    if (last && rows.length === limit) {
      tellBehind(client, (newestAt ?? last.at.getTime()) - last.at.getTime());
      limit = nextPage;
      await drained(needs, client);
      if (isClosed(client)) return;
    } else isWhole = client.pending !== undefined;
  }
  if (client.behind > 0) tellBehind(client, 0);
  goLive(client, upTo);
}

/** Events of a moment are not behind each other: the seconds are whole. */
function tellBehind(client: Client, ms: number): void {
  client.behind = Math.max(0, Math.ceil(ms / 1_000));
  client.sink.behind(client.behind);
}

/** Waits until the client has taken most of what was sent, and cuts one that does not. */
async function drained({ clock, cut }: CatchUpNeeds, client: Client): Promise<void> {
  for (let checks = 0; client.sink.buffered() > enoughBuffered && !isClosed(client); checks++) {
    if (checks === mostChecks) return cut(client, 'slow_client');
    await new Promise<void>(resolve => clock.after(checkMs, resolve));
  }
}

const isClosed = (client: Client): boolean => client.state === 'closed';

async function readPage(needs: CatchUpNeeds, feed: Feed, client: Client, upTo: Position | undefined, limit: number) {
  const rows = await needs.read(client, upTo, limit);
  const newest = rows.length === limit ? await needs.newest(feed.workspaceId) : undefined;
  // Rights that were lost before one of these events are lost now.
  await feed.check([client.audience.access]);
  const shown = await needs.present(
    feed.workspaceId,
    rows.filter(row => wants(client.audience, row)),
  );
  return { rows, newestAt: newest?.at.getTime(), shown: shown.map(({ row, event }) => prepare(row, event)) };
}

function goLive(client: Client, upTo: Position | undefined): void {
  const pending = client.pending ?? [];
  client.pending = undefined;
  client.state = 'live';
  client.upTo = upTo;
  for (const prepared of pending)
    if (upTo === undefined || isBeyond(prepared.row, upTo)) {
      client.upTo = undefined;
      send(prepared, [client]);
    }
}

function mark(client: Client, id: string): void {
  client.lastId = id;
  client.sink.mark(id);
}
