// The table event_listener: how far the readers of the event log are, the fan-out and others.
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { Position } from '../events/index.ts';
import type { EndpointRow } from './endpoint.ts';
import type { EventSelection } from './matching.ts';

/** The name of the fan-out. */
const fanOut = 'webhooks';

/** Which events are due, the oldest transaction of them, and the numbers of the events that were there before. */
export type Listening = EventSelection & { from_xid: string; seen_before: string[] };

/** An endpoint that gets events. erasures: see delivery_lane. */
export type ListeningEndpoint = Listening & Pick<EndpointRow, 'sees_numbers'> & { erasures: number };

/** The endpoints that get events. */
export async function listeningEndpoints(db: Queryable): Promise<ListeningEndpoint[]> {
  return db.query<ListeningEndpoint>(sql`select e.id, e.workspace_id, e.event_types, e.accounts, e.permissions, e.filter,
      e.sees_numbers, e.from_xid::text as from_xid,
      e.seen_before::text[] as seen_before, l.erasures
    from endpoint e join delivery_lane l on l.endpoint_id = e.id where e.status <> 'disabled'`);
}

/** The position of a reader, if it has one: of the fan-out, or of another one by its name. */
export async function listenerPosition(db: Queryable, name = fanOut): Promise<Position | undefined> {
  const [row] = await db.query<Position>(
    sql`select xid::text as xid, event_id as id from event_listener where name = ${name}`,
  );
  return row;
}

/** Moves the position, unless another process has. Returns whether it did. */
export async function moveListener(
  tx: Queryable,
  from: Position | undefined,
  to: Position,
  name = fanOut,
): Promise<boolean> {
  const rows = from
    ? await tx.query(sql`update event_listener set xid = ${to.xid}::xid8, event_id = ${to.id}
        where name = ${name} and (xid, event_id) = (${from.xid}::xid8, ${from.id}::bigint) returning 1 as n`)
    : await tx.query(sql`insert into event_listener (name, xid, event_id) values (${name}, ${to.xid}::xid8, ${to.id})
        on conflict do nothing returning 1 as n`);
  return rows.length > 0;
}

/** An event for an endpoint, with the key of its order. */
export interface NewDelivery {
  endpointId: string;
  eventId: number;
  orderKey: string;
}

/** Queues events for endpoints, in this order. Returns how many were queued. */
export async function addDeliveries(
  tx: Queryable,
  deliveries: NewDelivery[],
  replayId: string | null,
  now: Date | null,
): Promise<number> {
  if (deliveries.length === 0) return 0;
  const [row] = await call(tx, 'add_deliveries', {
    p_now: now,
    p_endpoint: deliveries.map(({ endpointId }) => endpointId),
    p_event: deliveries.map(({ eventId }) => eventId),
    p_key: deliveries.map(({ orderKey }) => orderKey),
    p_replay: replayId,
  });
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** The conversations of these messages. */
export async function conversationsOf(db: Queryable, messageIds: string[]): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db.query<{ id: string; conversation_id: string }>(
    sql`select id, conversation_id from message where id = any (${messageIds}::uuid[])`,
  );
  return new Map(rows.map(row => [row.id, row.conversation_id]));
}
