// The fan-out: reads the event log and queues each event for the endpoints that get it. Replays run beside it.
import type { LaneKind } from '../../engine/lane.ts';
import type { Database, Queryable } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { type EventRow, eventsOf, hasMore, type Position, presentEvents, readLog, typesFor } from '../events/index.ts';
import { concernedBy } from './access.ts';
import { requeueDeliveries } from './delivery-store.ts';
import { bodyOf, type KeptBodies } from './kept-bodies.ts';
import {
  addDeliveries,
  conversationsOf,
  type Listening,
  type ListeningEndpoint,
  listenerPosition,
  listeningEndpoints,
  moveListener,
  type NewDelivery,
} from './listener-store.ts';
import { type EventSelection, passes, wanted } from './matching.ts';
import { advanceReplay, failedDeliveries, lockReplay, type RunningReplay, runningReplays } from './replay-store.ts';

export interface FanOutNeeds {
  db: Database;
  clock: Clock;
  wake: (kind: string, key: string) => void;
  bodies: Pick<KeptBodies, 'isFollowed' | 'keep'>;
  /** Disables the endpoints of these people and keys that may no longer see their events. */
  checkAccess: (creators: readonly string[]) => Promise<void>;
}

/** The lane of the log. Every other key is a replay. */
export const logKey = 'webhooks';

const atOnce = 500;
/** After this time a job ends, so that others have their turn. */
const sliceMs = 1_000;

export function fanOutLane(needs: FanOutNeeds): LaneKind {
  const { db, clock, wake } = needs;

  /** Queues what the log has after the position. Returns whether there may be more. */
  async function readOn(): Promise<boolean> {
    const already = await listeningEndpoints(db);
    if (already.length === 0) return false;
    const position = await listenerPosition(db);
    const { rows } = await readLog(db, beginning(position, already), atOnce);
    const last = rows.at(-1);
    if (!last) return false;
    const concerned = concernedBy(rows);
    if (concerned.length > 0) await needs.checkAccess(concerned);
    // After the events: an endpoint, or a change of one, that was committed before one of them counts for it.
    const endpoints = await listeningEndpoints(db);
    const deliveries = await match(db, rows, endpoints);
    await keepBodies(rows, endpoints, deliveries);
    const moved = await db.transaction(async tx => {
      if (!(await moveListener(tx, position, last))) return false;
      await addDeliveries(tx, deliveries, null, clock.sqlNow());
      return true;
    });
    // Another process has read on.
    if (!moved) return true;
    for (const id of new Set(deliveries.map(({ endpointId }) => endpointId))) wake('deliver', id);
    return rows.length === atOnce;
  }

  /** Makes the bodies for the endpoints that this process posts to. Nothing of this outlives an erasure: see take. */
  async function keepBodies(
    rows: readonly EventRow[],
    endpoints: readonly ListeningEndpoint[],
    deliveries: NewDelivery[],
  ) {
    const erasures = new Map(
      endpoints.flatMap(one => (needs.bodies.isFollowed(one.id) ? [[one.id, one.erasures] as const] : [])),
    );
    const soon = deliveries.filter(({ endpointId }) => erasures.has(endpointId));
    const wanted = new Set(soon.map(({ eventId }) => eventId));
    const shown = await presentEvents(
      db,
      rows.filter(({ id }) => wanted.has(id)),
    );
    const bodiesFor = (seesNumbers: boolean) =>
      new Map(shown.map(presented => [presented.row.id, bodyOf(presented, seesNumbers)]));
    const masked = new Set(endpoints.flatMap(one => (one.sees_numbers ? [] : [one.id])));
    const [whole, hidden] = [bodiesFor(true), masked.size > 0 ? bodiesFor(false) : undefined];
    for (const { endpointId, eventId } of soon) {
      const body = (masked.has(endpointId) ? hidden : whole)?.get(eventId);
      if (body) needs.bodies.keep(endpointId, body, erasures.get(endpointId) ?? 0);
    }
  }

  /** Does a piece of a replay. Returns whether there may be more. */
  async function replayOn(id: string): Promise<boolean> {
    const piece = await db.transaction(async tx => {
      const replay = await lockReplay(tx, id);
      if (!replay) return undefined;
      const done = replay.kind === 'recover' ? await recoverPiece(tx, replay) : await replayPiece(tx, replay);
      await advanceReplay(tx, id, done, clock.sqlNow());
      return { ...done, endpointId: replay.endpoint_id };
    });
    if (piece && piece.queued > 0) wake('deliver', piece.endpointId);
    return piece !== undefined && !piece.done;
  }

  async function recoverPiece(tx: Queryable, replay: RunningReplay) {
    const failed = replay.selection ? await failedDeliveries(tx, replay, atOnce) : [];
    const queued = failed.length > 0 ? await requeueDeliveries(tx, replay.endpoint_id, failed, clock.sqlNow()) : 0;
    const after = { xid: '0', id: failed.at(-1) ?? replay.after };
    return { after, examined: failed.length, queued, done: failed.length < atOnce };
  }

  async function replayPiece(tx: Queryable, replay: RunningReplay) {
    const { selection, workspace_id: workspaceId, from_at: from, until_at: until } = replay;
    const begin = { xid: replay.after_xid, id: replay.after };
    if (!selection) return { after: begin, examined: 0, queued: 0, done: true };
    const names = typesFor(new Set(selection.permissions), selection.event_types ?? undefined);
    const rows = await eventsOf(
      tx,
      { workspaceId, types: names, accounts: selection.accounts ?? undefined },
      begin,
      atOnce,
    );
    const within = rows.filter(({ at }) => at >= from && at < until);
    const narrowed = replay.event_types ?? undefined;
    const deliveries = await match(tx, within, [{ ...selection, from_xid: '0', seen_before: [] }], narrowed);
    const queued = await addDeliveries(tx, deliveries, replay.id, clock.sqlNow());
    const last = rows.at(-1);
    const isOver = rows.length < atOnce || (last !== undefined && last.at.getTime() > until.getTime() + 300_000);
    return { after: last ?? begin, examined: within.length, queued, done: isOver };
  }

  return {
    kind: 'fan_out',
    concurrency: 1,
    async claim(key) {
      const job = {
        async run() {
          const end = clock.elapsed() + sliceMs;
          const step = () => (key === logKey ? readOn() : replayOn(key));
          let more = true;
          while (more && clock.elapsed() < end) more = await step();
          if (more) wake('fan_out', key);
          return undefined;
        },
        release: async () => {},
      };
      return { jobs: [job], waitMs: undefined, more: false };
    },
    async due() {
      const endpoints = await listeningEndpoints(db);
      const replays = await runningReplays(db);
      if (endpoints.length === 0) return replays;
      const position = beginning(await listenerPosition(db), endpoints);
      return (await hasMore(db, position)) ? [logKey, ...replays] : replays;
    },
  };
}

/** Where to read on: no event of before the first endpoint is of use to anybody. */
function beginning(position: Position | undefined, endpoints: readonly Listening[]): Position {
  const first = endpoints.reduce(
    (least, { from_xid: xid }) => (BigInt(xid) < least ? BigInt(xid) : least),
    BigInt(2) ** BigInt(63),
  );
  return position && BigInt(position.xid) >= first ? position : { xid: String(first), id: 0 };
}

/** Which of these events go to which endpoints, in the order of the events. */
async function match(
  db: Queryable,
  rows: readonly EventRow[],
  endpoints: readonly Listening[],
  types?: readonly string[],
): Promise<NewDelivery[]> {
  const byWorkspace = new Map<string, { endpoint: Listening; wants: (row: EventRow) => boolean }[]>();
  for (const endpoint of endpoints) {
    const own = byWorkspace.get(endpoint.workspace_id) ?? [];
    byWorkspace.set(endpoint.workspace_id, [...own, { endpoint, wants: wanted(endpoint, types) }]);
  }
  const pairs = rows.flatMap(row =>
    (byWorkspace.get(row.workspace_id) ?? [])
      .filter(({ endpoint, wants }) => isAfter(row, endpoint) && wants(row))
      .map(({ endpoint }) => ({ row, endpoint })),
  );
  const left = await filtered(db, pairs);
  const conversations = await conversationsOf(db, [...new Set(left.flatMap(({ row }) => row.message_id ?? []))]);
  return left.map(({ row, endpoint }) => ({
    endpointId: endpoint.id,
    eventId: row.id,
    orderKey: orderKeyOf(row, conversations),
  }));
}

/** Whether an event was committed after the endpoint was made, or made active again. */
const isAfter = ({ xid, id }: EventRow, { from_xid: from, seen_before: seen }: Listening): boolean =>
  BigInt(xid) >= BigInt(from) && !seen.includes(String(id));

/** Without the events that a filter rejects, and without those that are gone. */
async function filtered<Pair extends { row: EventRow; endpoint: EventSelection }>(
  db: Queryable,
  pairs: Pair[],
): Promise<Pair[]> {
  const rows = new Map(pairs.flatMap(({ row, endpoint }) => (endpoint.filter ? [[row.id, row] as const] : [])));
  if (rows.size === 0) return pairs;
  const shown = new Map((await presentEvents(db, [...rows.values()])).map(({ row, event }) => [row.id, event]));
  return pairs.filter(({ row, endpoint }) => {
    if (!endpoint.filter) return true;
    const event = shown.get(row.id);
    return event !== undefined && passes(endpoint, event);
  });
}

/** Events of one key arrive in order: those of a conversation, else of an account, else of the workspace. */
function orderKeyOf(row: EventRow, conversations: ReadonlyMap<string, string>): string {
  const named = row.type.startsWith('conversation.') ? row.data.conversation_id : undefined;
  if (typeof named === 'string') return named;
  const conversation = row.message_id === null ? undefined : conversations.get(row.message_id);
  return conversation ?? row.account_id ?? row.workspace_id;
}
