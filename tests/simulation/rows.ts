// What the database has of a schedule: messages, attempts and events, as they are judged.

import { sql } from '../../server/kit/db/sql.ts';
import { toUuid } from '../../server/kit/ids.ts';
import type { Account, Played } from './played.ts';

export interface MessageRow {
  id: string;
  account_id: string;
  conversation_id: string;
  seq: number;
  priority: number;
  status: string;
  error_code: string | null;
  event_count: number;
  events: number;
  last_event: number;
  was_unknown: boolean;
  /** It was queued again though nothing proved that it had not been taken: by its setting, or by an operator. */
  retried: boolean;
  by_hand: boolean;
  /** An operator has said what became of it. */
  decided: boolean;
  /** It is held while the window of its conversation is closed. */
  needs_window: boolean;
  address: string;
  /** As the channel restricts it: 1 free-form, 2 a template, 3 a marketing template. */
  kind: number;
  /** The campaign that it is of was stopped at some time: it may have been held without an event. */
  was_stopped: boolean;
  /** It waits for a campaign that stays stopped. */
  is_left: boolean;
  send_at: Date | null;
  expires_at: Date | null;
  created_at: Date;
}

export interface AttemptRow {
  token: string;
  account_id: string;
  message_id: string;
  number: number;
  status: string;
  class: string | null;
  code: string | null;
  channel_message_id: string | null;
  started_at: Date;
}

export interface EventRow {
  id: number;
  message_id: string;
  /** Its place among those of its message. */
  number: number;
  type: string;
  attempt: number | null;
  proven: boolean;
  chosen: boolean;
  at: Date;
  by_hand: boolean;
  code: string | null;
  class: string | null;
  due_at: Date | null;
  /** The place of the day that its claim took was not given back. */
  is_call: boolean;
}

/** A message that a person wrote. */
export interface HeardRow {
  /** The number of the event that tells of it. */
  event: number;
  conversation_id: string;
  address: string;
  /** When the person wrote it. */
  at: Date;
}

export interface Rows {
  messages: MessageRow[];
  attempts: AttemptRow[];
  events: EventRow[];
  heard: HeardRow[];
  /** The conversations that two became, each with the event of the merge. */
  merged: Map<string, number>;
  byId: Map<string, MessageRow>;
  byToken: Map<string, AttemptRow>;
}

export const uuidsOf = (accounts: Account[]) => accounts.map(({ id }) => toUuid(id));

/** Of an event: a call was claimed, and not given back before it was made. */
export const isCall = sql`e.type = 'message.sending' and not exists (select 1 from attempt k
  where k.token = token_of(e.message_id, (e.data->>'attempt')::int) and not is_call(k.class))`;

/** All attempts, with those that are under way. */
export const everyCall = sql`(
  select a.token, a.account_id, a.message_id, a.number, case when m.keeps_evidence then m.status else a.status end as status,
    a.class, a.code, a.channel_message_id, a.started_at from attempt a left join message m on m.id = a.message_id
  union all
  select token_of(id, fence), account_id, id, fence, 'sending', null, null, null, started_at from open_message o
  where state = 'sending' and not exists (select 1 from attempt a where a.token = token_of(o.id, o.fence)))`;

/** Of a message `m`: it waits for a campaign that is stopped, and may stay so. */
export const isLeft = sql`exists (select 1 from open_message o join campaign k on k.id = o.campaign_id where o.id = m.id
  and o.state = 'held' and o.wait_reason = 'campaign_paused' and k.state in ('paused', 'held') and not k.unapplied)`;

/** Of an event: an operator has had the message sent again. */
export const isByHand = sql`(type = 'message.queued' and data ? 'retry' or type = 'message.resolved' and data->>'resolution' = 'retry')`;

export async function readRows({ world, accounts }: Played): Promise<Rows> {
  const uuids = uuidsOf(accounts);
  const findMessages = world.database.query<MessageRow>(sql`
    select m.id, m.account_id, m.conversation_id, m.seq, m.priority, m.status, m.error_code,
      coalesce(m.on_window_closed, a.on_window_closed) = 'hold' as needs_window, m.address,
      message_kind(m.type, m.category) as kind, m.campaign_id is not null and exists (select 1 from event s
        where s.workspace_id = m.workspace_id and s.type in ('campaign.paused', 'campaign.held', 'campaign.cancelled')
          and s.data->>'campaign_id' = m.campaign_id::text) as was_stopped,
      ${isLeft} as is_left, m.send_at, m.expires_at, m.created_at, m.event_count, e.n as events,
      e.last as last_event, e.was_unknown, e.retried or e.by_hand as retried, e.by_hand, e.decided
    from message m join account a on a.id = m.account_id cross join lateral (
      select count(*) as n, max(number) as last, coalesce(bool_or(type = 'message.unknown'), false) as was_unknown,
        coalesce(bool_or(type = 'message.queued' and data ? 'on_unknown'), false) as retried,
        coalesce(bool_or(${isByHand}), false) as by_hand, coalesce(bool_or(type = 'message.resolved'), false) as decided
      from events_of(array[m.id])) e
    where m.account_id = any (${uuids}) and m.direction = 'outbound'`);
  const findAttempts = world.database.query<AttemptRow>(sql`
    select * from ${everyCall} k where account_id = any (${uuids}) order by message_id, number`);
  const findEvents = world.database.query<EventRow>(sql`
    select id, message_id, number, type, (data->>'attempt')::int as attempt, data ? 'class' as proven, data ? 'on_unknown' as chosen, at,
      ${isByHand} is true as by_hand, data->>'code' as code, data->>'class' as class,
      (data->>'due_at')::timestamptz as due_at, ${isCall} as is_call
    from logged_event e where account_id = any (${uuids}) and message_id in (select id from message) order by id`);
  const findHeard = world.database.query<HeardRow>(sql`
    select e.id as event, m.conversation_id, m.address, m.sent_at as at from message m
    join logged_event e on e.message_id = m.id and e.type = 'message.received'
    where m.account_id = any (${uuids}) and m.direction = 'inbound'`);
  const findMerged = world.database.query<{ id: string; event: number }>(sql`
    select v.id, max(e.id) as event from conversation v
    join event e on e.workspace_id = v.workspace_id and e.type = 'contact.merged' and e.data->>'contact_id' = v.contact_id::text
    where v.account_id = any (${uuids}) group by 1`);
  // All questions travel together.
  const [messages, attempts, events, heard, mergers] = await Promise.all([
    findMessages,
    findAttempts,
    findEvents,
    findHeard,
    findMerged,
  ]);
  const byId = new Map(messages.map(message => [message.id, message]));
  const byToken = new Map(attempts.map(attempt => [attempt.token, attempt]));
  const merged = new Map(mergers.map(({ id, event }) => [id, event]));
  return { messages, attempts, events, heard, merged, byId, byToken };
}

type Placed = Pick<MessageRow, 'conversation_id' | 'address'>;

/** Whether two messages were in one conversation when an event was written: one address has one, and a merge joins two. */
export const isTogether = ({ merged }: Pick<Rows, 'merged'>, one: Placed, other: Placed, { id }: EventRow): boolean =>
  one.conversation_id === other.conversation_id &&
  (one.address === other.address || (merged.get(one.conversation_id) ?? Number.POSITIVE_INFINITY) < id);
