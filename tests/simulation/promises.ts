// What has to hold of a schedule once it is at rest: the promises A1 to A7, and counters that equal a recount. A9 is asked
// for while messages wait (waiting.ts); A8 is of outgoing webhooks, which are not there yet.
import { toUuid } from '../../server/kit/ids.ts';
import { type Fragment, sql } from '../../server/kit/sql.ts';
import { checkBucket, checkRate } from '../governor/checks.ts';
import { zones } from './cast.ts';
import type { Arrival } from './meta.ts';
import { type Account, choicesOf, erasedCalls, type Played, type Term, type Wish } from './played.ts';
import type { World } from './world.ts';

interface MessageRow {
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
  send_at: Date | null;
  expires_at: Date | null;
  created_at: Date;
}

interface AttemptRow {
  token: string;
  account_id: string;
  message_id: string;
  number: number;
  status: string;
  class: string | null;
  channel_message_id: string | null;
  started_at: Date;
}

interface EventRow {
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
  /** The place of the day that its claim took was not given back. */
  is_call: boolean;
}

/** What the send lane gives itself for a call of 15 s. */
const leaseMs = 25_000;
/** How often a call may be proven not to have been sent; makeAccounts says so. */
const mostTries = 3;
/** For how long an unknown outcome holds its conversation. */
export const unknownHoldsMs = 120_000;

const ranks: Record<string, number> = { failed: 4, delivered: 5, read: 6, played: 7, sent: 3 };

const uuidsOf = (accounts: Account[]) => accounts.map(({ id }) => toUuid(id));

const openMessages = (world: World, accounts: Account[]) =>
  sql`m.account_id = any (${uuidsOf(accounts)}) and (m.status in ('scheduled', 'queued', 'sending')
    -- An unknown outcome waits for its window, which counts only while receipts come at all.
    or (m.status = 'unknown' and m.settle_at is not null
      and (m.settle_at > ${new Date(world.now())} or heard_since(a, m))))`;

/** Whether nothing is left to happen. */
export async function atRest(world: World, { accounts }: Played): Promise<boolean> {
  const [row] = await world.database.query<{ open: boolean }>(sql`
    select exists (select 1 from message m join account a on a.id = m.account_id where ${openMessages(world, accounts)})
      or exists (select 1 from inbound_payload where processed_at is null) as open`);
  return row?.open === false;
}

/**
 * Of an event: a call was claimed that takes a place of its day, as none does that is given back because its file is not
 * there yet. What an operator has decided meanwhile is not given back.
 */
const isCall = sql`e.type = 'message.sending' and not exists (
  select 1 from event b where b.message_id = e.message_id and b.number > e.number and b.data->>'class' = 'media' and not exists (
    select 1 from event s where s.message_id = e.message_id and s.type = 'message.sending' and s.number > e.number and s.number < b.number))`;

/** Of an event: an operator has had the message sent again. */
const isByHand = sql`(type = 'message.queued' and data ? 'retry' or type = 'message.resolved' and data->>'resolution' = 'retry')`;

/** How many calls a process of this name has begun and not ended, though their lease is not over. */
export async function openCallsOf(world: World, accounts: Account[], name: string): Promise<number> {
  const [row] = await world.database.query<{ n: number }>(sql`select count(*)::int as n from attempt
    where account_id = any (${uuidsOf(accounts)}) and runner = ${name} and status = 'sending' and ended_at is null
      and started_at > ${new Date(world.now() - leaseMs)}`);
  return row?.n ?? 0;
}

/** What is still open, in words. */
export async function openWork(world: World, { accounts }: Played): Promise<string> {
  const rows = await world.database.query<{
    status: string;
    wait_reason: string | null;
    held_reason: string | null;
  }>(sql`
    select m.status, m.wait_reason, l.held_reason from message m join account a on a.id = m.account_id
    join lane l on l.kind = 'send' and l.key = a.id where ${openMessages(world, accounts)}`);
  const [payloads] = await world.database.query<{ n: number }>(
    sql`select count(*) as n from inbound_payload where processed_at is null`,
  );
  return `${rows.map(row => `${row.status} (${row.wait_reason ?? row.held_reason ?? 'no reason'})`).join(', ')}; payloads ${payloads?.n}`;
}

/** Gives each promise that does not hold, in words. */
export async function brokenPromises(played: Played): Promise<string[]> {
  const { world, meta, accounts, wishes } = played;
  const broken = [...new Set(played.complaints)];
  const uuids = uuidsOf(accounts);
  const findMessages = world.database.query<MessageRow>(sql`
    select m.id, m.account_id, m.conversation_id, m.seq, m.priority, m.status, m.error_code, m.send_at, m.expires_at, m.created_at, m.event_count, e.n as events,
      e.last as last_event, e.was_unknown, e.retried or e.by_hand as retried, e.by_hand, e.decided
    from message m cross join lateral (
      select count(*) as n, max(number) as last, coalesce(bool_or(type = 'message.unknown'), false) as was_unknown,
        coalesce(bool_or(type = 'message.queued' and data ? 'on_unknown'), false) as retried,
        coalesce(bool_or(${isByHand}), false) as by_hand, coalesce(bool_or(type = 'message.resolved'), false) as decided
      from event where message_id = m.id) e
    where m.account_id = any (${uuids}) and m.direction = 'outbound'`);
  const findAttempts = world.database.query<AttemptRow>(sql`
    select token, account_id, message_id, number, status, class, channel_message_id, started_at from attempt where account_id = any (${uuids}) order by message_id, number`);
  const findEvents = world.database.query<EventRow>(sql`
    select id, message_id, number, type, (data->>'attempt')::int as attempt, data ? 'class' as proven, data ? 'on_unknown' as chosen, at,
      ${isByHand} is true as by_hand, data->>'code' as code, ${isCall} as is_call
    from event e where account_id = any (${uuids}) and message_id is not null order by id`);
  // All questions travel together.
  const [messages, attempts, events] = await Promise.all([findMessages, findAttempts, findEvents]);
  const byId = new Map(messages.map(message => [message.id, message]));
  const byToken = new Map(attempts.map(attempt => [attempt.token, attempt]));
  // An echo that we have taken tells which id the channel gave, and with it what receipts without one are about.
  const echoed = new Set(meta.posts.flatMap(({ taken, receipt }) => (taken && receipt?.echoed ? [receipt.token] : [])));
  const nameOf = (wish: Wish) => `message ${wishes.indexOf(wish)}`;
  const erased = new Set([...played.erasures.values()].flatMap(erasing => [...erasing.messages]));
  const callsErased = new Set(erasedCalls(played));

  const conversationOf = (token: string) => byId.get(byToken.get(token)?.message_id ?? '')?.conversation_id;
  // Whoever has been deleted and is written to again is somebody new, who may be called beside the old one.
  const renewed = new Set([...played.forgotten, ...played.erasures.values()].map(({ person }) => person));
  const beside = meta.company.filter(({ to, tokens: [first, second] }) => {
    const [one, other] = [conversationOf(first), conversationOf(second)];
    const isErased = callsErased.has(first) || callsErased.has(second);
    return !renewed.has(to) || (one === other && !isErased);
  });
  broken.push(...new Set(beside.map(({ to }) => `a call to ${to} began beside another one`)));

  // A2: what was accepted is there, once; what was refused is not.
  for (const wish of wishes) {
    if (wish.id === undefined) continue;
    const message = byId.get(toUuid(wish.id));
    if (message) judgeMessage(wish, message);
    else if (!erased.has(toUuid(wish.id))) broken.push(`${nameOf(wish)} was accepted and is not there`);
  }
  const accepted = new Set(wishes.flatMap(({ id }) => (id === undefined ? [] : toUuid(id))));
  const known = [...accepted].filter(id => byId.has(id) || !erased.has(id)).length;
  // Whose answer was not heard before the person was erased cannot be known from a repeat any more.
  const stored = messages.filter(({ id }) => accepted.has(id) || !erased.has(id)).length;
  if (stored !== known) broken.push(`${stored} messages are stored, and ${known} were accepted`);

  function judgeMessage(wish: Wish, message: MessageRow): void {
    const say = (text: string) => broken.push(`${nameOf(wish)} (${message.status}): ${text}`);
    const own = attempts.filter(attempt => attempt.message_id === message.id);
    const calls = own.flatMap(attempt => meta.arrivals.filter(arrival => arrival.token === attempt.token));
    const taken = calls.filter(call => call.accepted);
    const mayRepeat = choicesOf(wish).includes('retry') || message.by_hand;
    // A1: one outcome.
    if (['scheduled', 'queued', 'sending'].includes(message.status)) say('has no outcome');
    if (message.event_count !== message.events || message.last_event !== message.events)
      say(`has ${message.events} events, numbered to ${message.last_event}, and counts ${message.event_count}`);
    if (own.some((attempt, place) => attempt.number !== place + 1)) say('has attempts that are not numbered in order');
    // A3: never called twice without proof.
    if (taken.length > 1 && !mayRepeat) say(`was taken ${taken.length} times by the channel`);
    if (calls.length > own.length) say(`was called ${calls.length} times in ${own.length} attempts`);
    // A4 and A6: the evidence decides, in whatever order it came.
    const undone = message.status === 'cancelled' || message.status === 'expired';
    const words = meta.posts.flatMap(({ receipt, taken: stored }) => {
      const attempt = receipt && byToken.get(receipt.token);
      if (!stored || !receipt || attempt?.message_id !== message.id) return [];
      // That a call failed decides only where no other was made after it, nor was to be.
      if (receipt.status === 'failed' && (attempt !== own.at(-1) || undone)) return [];
      return receipt.echoed || attempt.channel_message_id !== null || echoed.has(receipt.token) ? [receipt.status] : [];
    });
    const best = Math.max(0, ...words.map(word => ranks[word] ?? 0));
    const rank = ranks[message.status] ?? 0;
    if (rank < best) say(`a receipt said ${words.join(', ')}`);
    if (rank > 4 && rank !== best) say(`no receipt said so, but ${words.join(', ')}`);
    if (message.status === 'sent' && taken.length === 0 && !message.decided) say('the channel never took it');
    if (undone && taken.length > 0 && !message.retried) say('the channel took it');
    if (
      message.status === 'failed' &&
      message.error_code !== 'unknown_outcome' &&
      taken.length > 0 &&
      !words.includes('failed') &&
      !mayRepeat
    )
      say(`the channel took it, and it failed with ${message.error_code}`);
    if (
      message.status === 'failed' &&
      message.error_code === 'unknown_outcome' &&
      !choicesOf(wish).includes('fail') &&
      !message.decided
    )
      say('was given up against its setting');
    if (message.status === 'failed') {
      const missing = groundMissing(wish, message, own);
      if (missing) say(missing);
    }
    judgeTimes(say, wish, message, own);
    if (message.status === 'unknown' && taken.length === 0 && calls.length === 0 && own.length === 0)
      say('was never tried');
    if (message.status === 'cancelled' && !wish.isCancelAsked && !wish.account.isPurged) say('nobody has cancelled it');
    if (message.status === 'expired' && wish.body.valid_for_s === undefined) say('it had no expiry');
    if (message.retried && !mayRepeat) say('was sent again though its outcome was unknown');
    // What had been sent before it was queued again may have arrived all the same.
    if (wish.cancelled && message.status !== 'cancelled' && !(message.retried && rank >= 3)) say('was cancelled');
  }

  /** What a failed message lacks of a reason to have failed. */
  function groundMissing(wish: Wish, message: MessageRow, own: AttemptRow[]): string | undefined {
    if (message.error_code === 'unknown_outcome')
      return message.decided || message.was_unknown ? undefined : 'failed as unknown, and never was';
    const last = own.at(-1);
    if (!last) return 'failed without an attempt';
    const heard = (token: string) => meta.calls.find(call => call.token === token)?.heard;
    const isFailedByReceipt = meta.posts.some(
      ({ stored: isStored, receipt }) => isStored && receipt?.token === last.token && receipt.status === 'failed',
    );
    if (isFailedByReceipt || heard(last.token) === 'rejected') return undefined;
    // Where the channel did not take its file, no call was made.
    const hadFileTrouble = ({ token }: AttemptRow) =>
      wish.body.type === 'image' && meta.filesRefused > 0 && !meta.calls.some(call => call.token === token);
    if (last.class === 'rejected' && hadFileTrouble(last)) return undefined;
    const notSent = own.filter(
      attempt => attempt.class === 'not_sent' && (heard(attempt.token) === 'not_sent' || hadFileTrouble(attempt)),
    );
    if (last.class !== 'not_sent') return `failed, though its last call was ${last.class}`;
    return notSent.length < mostTries ? `failed after ${notSent.length} tries` : undefined;
  }

  /** No call before the time that its client asks for, nor after the one that its client gives. */
  function judgeTimes(say: (text: string) => void, { body }: Wish, message: MessageRow, own: AttemptRow[]): void {
    const { created_at: createdAt, expires_at: expiresAt } = message;
    const sendAt = body.send_at === undefined ? undefined : Date.parse(body.send_at);
    const begins = Math.max(createdAt.getTime(), sendAt ?? 0);
    const ends = body.valid_for_s === undefined ? undefined : begins + body.valid_for_s * 1_000;
    if (ends !== expiresAt?.getTime()) say(`expires ${expiresAt?.toISOString()}`);
    // As the clock was then: it may have been set since it became due.
    if (!played.clockSet && sendAt !== undefined && own.some(({ started_at: at }) => at.getTime() < sendAt))
      say('was claimed before its time');
    if (ends === undefined) return;
    if (own.some(({ started_at: at }) => at.getTime() >= ends)) say('was claimed after its expiry');
    const calls = meta.calls.filter(({ token }) => byToken.get(token)?.message_id === message.id);
    if (!played.clockSet && calls.some(({ begunAt }) => begunAt >= ends)) say('was called after its expiry');
  }

  broken.push(...unfoundedRepeats(played, attempts, events), ...new Set(brokenOrder(messages, events)));

  for (const arrival of meta.arrivals) {
    const attempt = byToken.get(arrival.token);
    if (!attempt) {
      if (!callsErased.has(arrival.token)) broken.push('a call arrived whose attempt was never stored');
    } else if (!played.clockSet && arrival.begunAt - attempt.started_at.getTime() > leaseMs)
      broken.push('a call began after its lease was over');
  }

  // A7: in order within a conversation and a priority; what was scheduled joins the line at its time.
  const firstCall = new Map<string, Arrival>();
  for (const arrival of meta.arrivals) {
    const id = byToken.get(arrival.token)?.message_id ?? '';
    if (arrival.accepted && !firstCall.has(id)) firstCall.set(id, arrival);
  }
  for (const one of messages)
    for (const other of messages) {
      if (one.conversation_id !== other.conversation_id || one.priority !== other.priority || one.seq >= other.seq)
        continue;
      const [first, second] = [firstCall.get(one.id), firstCall.get(other.id)];
      if (
        first &&
        second &&
        meta.arrivals.indexOf(second) < meta.arrivals.indexOf(first) &&
        !one.was_unknown &&
        !one.by_hand &&
        !one.send_at &&
        !other.send_at &&
        !first.late &&
        !second.late
      )
        broken.push('a message left before an earlier one of its conversation');
    }

  for (const { messages: ids, calls } of played.forgotten)
    if (attempts.some(({ message_id: id, token }) => ids.has(id) && !calls.has(token)))
      broken.push('a message was called after its contact had been deleted');
  for (const account of accounts) {
    broken.push(...brokenSettings(played, account, attempts, byId));
    broken.push(...overfullDays(account, attempts, events, byId));
  }

  // A5: each message of a person once.
  const written = new Set(meta.posts.filter(post => post.taken).flatMap(post => post.message ?? []));
  const received = await world.database.query<{ id: string; n: number; dead: number }>(sql`
    select channel_message_id as id, count(*) as n from message where account_id = any (${uuids}) and direction = 'inbound' group by 1`);
  for (const { id, n } of received)
    if (n !== 1 || !written.has(id)) broken.push(`an inbound message is there ${n} times`);
  const mayBeGone = new Set(accounts.flatMap(account => (account.deleted ? account.numberId : [])));
  const expected = meta.posts.filter(post => post.taken && post.message && !mayBeGone.has(post.number));
  const ofErased = new Set([...played.erasures.values()].flatMap(erasing => [...erasing.received]));
  const missing = expected.filter(
    ({ message = '' }) => !ofErased.has(message) && !received.some(({ id }) => id === message),
  );
  if (missing.length > 0) broken.push(`${missing.length} of the messages that were written to us are not there`);

  broken.push(...(await leftOfErased(played)), ...(await miscounts(played, uuids, attempts)));
  return broken;
}

/** What an account did against the settings that were in force. A clock that is set moves budgets and hours. */
function brokenSettings(
  { meta, clockSet, wishes }: Played,
  account: Account,
  attempts: AttemptRow[],
  byId: Map<string, MessageRow>,
): string[] {
  const uuid = toUuid(account.id);
  const own = attempts.filter(({ message_id: id }) => byId.get(id)?.account_id === uuid);
  const broken = [account.paused, account.deleted].flatMap(before =>
    before && own.some(({ token }) => !before.has(token))
      ? ['a call was claimed for an account that was paused or deleted']
      : [],
  );
  const isDistrusted =
    own.some(({ class: what }) => what === 'danger') ||
    meta.posts.some(({ isSignal, stored, number }) => isSignal && stored && number === account.numberId);
  if (isDistrusted && !account.endangered && !account.deleted)
    broken.push('the channel distrusts an account, which was never paused');
  if (clockSet) return broken;
  const termOf = (token: string) => termAt(account, token);
  const messageOf = new Map(own.map(({ token, message_id: id }) => [token, id]));
  const conversationOf = (token: string) => byId.get(messageOf.get(token) ?? '')?.conversation_id;
  const calls = meta.arrivals.filter(arrival => arrival.numberId === account.numberId && !arrival.late);
  for (const term of account.terms) {
    // By when they arrived: who gave a call up cannot know.
    const mine = calls.filter(({ token }) => termOf(token) === term);
    const { rate, recipient } = term;
    if (checkRate(mine.map(timeOf), rate).early.length > 0)
      broken.push(`the rate of ${rate.messages} per ${rate.seconds} s was exceeded`);
    if (!recipient) continue;
    // Whoever was deleted and is written to again has a bucket of its own; what was erased is of nobody any more.
    const conversations = new Map(mine.map(call => [call, conversationOf(call.token)]));
    for (const conversation of new Set(conversations.values()))
      if (
        conversation !== undefined &&
        checkBucket(mine.filter(call => conversations.get(call) === conversation).map(timeOf), recipient).early.length >
          0
      )
        broken.push('the budget of a recipient was exceeded');
  }
  for (const { token, message_id: id, started_at: at } of own) {
    const term = termOf(token);
    const wish = wishes.find(one => one.id !== undefined && toUuid(one.id) === id);
    if (term && wish?.body.priority !== 'high' && isQuiet(term, at))
      broken.push('a call was claimed in the quiet hours');
  }
  return broken;
}

/** The settings under which a call was claimed. */
const termAt = (account: Account, token: string) => account.terms.findLast(({ before }) => !before.has(token));

/** A day takes no more than its limit was whenever something took a place of it. */
function overfullDays(
  account: Account,
  attempts: AttemptRow[],
  events: EventRow[],
  byId: Map<string, MessageRow>,
): string[] {
  // A change of zone moves days into one another.
  if (account.terms.some(({ zone }) => zone !== 'UTC')) return [];
  const broken = new Set<string>();
  const days = new Map<string, Set<string>>();
  for (const { type, at, is_call: isCounted, message_id: id, attempt } of events) {
    if (type !== 'message.sending' || !isCounted || byId.get(id)?.account_id !== toUuid(account.id)) continue;
    const day = at.toISOString().slice(0, 10);
    const sent = days.get(day) ?? new Set();
    days.set(day, sent);
    if (sent.has(id)) continue;
    sent.add(id);
    const token = attempts.find(one => one.message_id === id && one.number === attempt)?.token ?? '';
    const limit = termAt(account, token)?.perDay ?? Number.POSITIVE_INFINITY;
    if (sent.size > limit) broken.add(`a day sent ${sent.size} while its limit was ${limit}`);
  }
  return [...broken];
}

/** What an event says that its message is from then on; undefined where it says nothing of that. */
function stateAfter({ type, by_hand: byHand }: EventRow): 'queued' | 'sending' | 'unknown' | 'else' | undefined {
  switch (type) {
    case 'message.queued':
    case 'message.retry_scheduled':
      return 'queued';
    case 'message.resolved':
      return byHand ? 'queued' : undefined;
    case 'message.sending':
      return 'sending';
    case 'message.unknown':
      return 'unknown';
    case 'message.held':
    case 'message.doubled':
    case 'message.undelivered':
    case 'message.reconciled':
      return undefined;
    default:
      return 'else';
  }
}

/**
 * A7, by what each claim found, in the order in which it was written: nothing of its conversation before it in the line,
 * under way, or unknown for less than two minutes. That it holds nothing for longer is asked of what waits.
 */
function brokenOrder(messages: MessageRow[], events: EventRow[]): string[] {
  const broken: string[] = [];
  const byId = new Map(messages.map(message => [message.id, message]));
  const states = new Map<string, { word: string; since: number }>();
  for (const event of events) {
    const message = byId.get(event.message_id);
    const word = stateAfter(event);
    if (!message || word === undefined) continue;
    const at = event.at.getTime();
    if (word === 'sending')
      for (const other of messages) {
        const state = states.get(other.id);
        if (!state || other === message || other.conversation_id !== message.conversation_id) continue;
        if (state.word === 'sending') broken.push('a message was claimed beside one of its conversation');
        if (state.word === 'unknown' && at < state.since + unknownHoldsMs)
          broken.push('a message was claimed though an unknown outcome held its conversation');
        const isAhead =
          other.priority < message.priority || (other.priority === message.priority && other.seq < message.seq);
        const isExpired = other.expires_at !== null && other.expires_at.getTime() <= at;
        if (state.word === 'queued' && isAhead && !isExpired)
          broken.push('a message was claimed before an earlier one of its conversation');
      }
    states.set(message.id, { word, since: at });
  }
  return broken;
}

const timeOf = ({ at }: Arrival): number => at;

function isQuiet({ quiet, zone }: Term, at: Date): boolean {
  if (!quiet) return false;
  const clock = new Date(at.getTime() + (zones[zone] ?? 0) * 3_600_000).toISOString().slice(11, 16);
  const { from, until } = quiet;
  return from < until ? clock >= from && clock < until : clock >= from || clock < until;
}

/** How many attempts were proven not to have been made only after their message had been queued again by its setting. */
export async function lateWords({ world, accounts }: Played): Promise<number> {
  const [row] = await world.database.query<{ n: number }>(sql`
    select count(*)::int as n from attempt a
    join event s on s.message_id = a.message_id and s.type = 'message.sending' and (s.data->>'attempt')::int = a.number + 1
    join event q on q.message_id = a.message_id and q.number = s.number - 1 and q.type = 'message.queued' and q.data ? 'on_unknown'
    where a.account_id = any (${uuidsOf(accounts)}) and a.status = 'not_sent'`);
  return row?.n ?? 0;
}

const isHistory = (what: string): boolean =>
  [
    'sent of a day',
    'sent to a conversation',
    'received in a conversation',
    'received of an account',
    'taken by the channel',
  ].includes(what) || what.startsWith('of all days');

/** What is left of people that were erased, and what came of it afterwards. */
async function leftOfErased({ world, meta, accounts, erasures, clockSet }: Played): Promise<string[]> {
  const broken: string[] = [];
  for (const [contact, { person, messages, calls, received }] of erasures) {
    const [row] = await world.database.query<{
      ended: boolean;
      left: string[];
    }>(sql`
      select e.erased_at is not null as ended,
        array(select 'message' from message where id = any (${[...messages]}::uuid[])
          union all select 'message written to us' from message where channel_message_id = any (${[...received]}::text[])
            and account_id = any (${uuidsOf(accounts)}) and address = ${person}
          union all select 'attempt' from attempt where message_id = any (${[...messages]}::uuid[])
          union all select 'event' from event where message_id = any (${[...messages]}::uuid[])
          union all select 'conversation' from conversation where contact_id = any (e.contacts)
          union all select 'address' from contact_address where contact_id = any (e.contacts)
          union all select 'hash of an address' from former_address where contact_id = any (e.contacts)
          union all select 'name' from contact where id = any (e.contacts) and name is not null
          union all select 'place to look for' from unnest(e.addresses)) as left
      from erasure e where e.contact_id = ${contact}`);
    if (!row) continue;
    if (!row.ended) {
      broken.push(`${person} was to be erased, and it does not end`);
      continue;
    }
    for (const what of new Set(row.left)) broken.push(`${person} was erased, and there is a ${what} left`);
    const after = meta.arrivals.filter(({ token, at, late }) => !late && at > (calls.get(token)?.at ?? at));
    if (!clockSet && after.length > 0) broken.push(`${person} was erased, and called for that afterwards`);
  }
  return broken;
}

async function miscounts(
  { world, accounts, clockSet, erasures }: Played,
  uuids: string[],
  attempts: AttemptRow[],
): Promise<string[]> {
  const still = accounts.filter(({ terms }) => terms.every(({ zone }) => zone === 'UTC')).map(({ id }) => toUuid(id));
  const there = accounts.flatMap(account => (account.deleted ? [] : account.numberId));
  const rows = await world.database.query<{ what: string; counted: number; recount: number }>(sql`
    select 'queued of a day' as what, d.queued as counted, (select count(*) from message m where m.account_id = d.account_id
        and m.status = 'queued' and m.budget_day is distinct from d.day)::int as recount
      from account_day d where d.account_id = any (${uuids}) and d.day = (select max(day) from account_day o where o.account_id = d.account_id)
    union all
    -- What an operator has had sent again counts anew, and what was last found without its file does not. A change of zone
    -- moves days into one another.
    select 'sent of a day', d.sent, (select count(*) from (
        select distinct on (e.message_id, again.n) ${isCall} as counts from event e cross join lateral (
          select count(*) as n from event where message_id = e.message_id and number < e.number and ${isByHand}) again
        where e.account_id = d.account_id and e.type = 'message.sending' and (e.at at time zone 'UTC')::date = d.day
        order by e.message_id, again.n, e.number desc) x where x.counts)::int
      from account_day d where d.account_id = any (${still})
    union all
    select 'sent to a conversation', v.sent_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'outbound')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'received in a conversation', v.received_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'inbound' and m.type <> 'system')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'unread', v.unread_count, (select count(*) from message m where m.conversation_id = v.id and m.direction = 'inbound' and m.status = 'received')::int
      from conversation v where v.account_id = any (${uuids})
    union all
    select 'received of an account', coalesce(sum(r.received), 0)::int, (select count(*) from message m where m.account_id = a.id and m.direction = 'inbound' and m.type <> 'system')::int
      from account a left join account_received r on r.account_id = a.id where a.id = any (${uuids}) group by a.id
    union all
    select 'there now as ' || s.status, s.kept, s.recount from (
      select status, sum(kept)::int as kept, sum(recount)::int as recount from (
        select status, messages as kept, 0 as recount from message_present where account_id = any (${uuids})
        union all select status, present, 0 from message_change where account_id = any (${uuids})
        union all select status, 0, count(*)::int from message where account_id = any (${uuids}) group by 1) x group by 1) s
    union all
    select 'of all days as ' || s.status, s.kept, s.recount from (
      select status, sum(kept)::int as kept, sum(recount)::int as recount from (
        select status, messages as kept, 0 as recount from message_count where account_id = any (${uuids})
        union all select status, messages, 0 from message_change where account_id = any (${uuids})
        union all select status, 0, count(*)::int from message where account_id = any (${uuids}) group by 1) x group by 1) s
    union all
    select 'taken by the channel', s.kept, s.recount from (
      select (select coalesce(sum(accepted), 0) from (
          select accepted from message_count where account_id = any (${uuids})
          union all select accepted from message_change where account_id = any (${uuids})) c)::int as kept,
        (select count(sent_at) from message where account_id = any (${uuids}))::int as recount) s
    union all
    select 'list of ' || s.list, s.kept, s.recount from (
      select list, sum(kept)::int as kept, sum(recount)::int as recount from (
        select list, entries as kept, 0 as recount from list_count where account_id = any (${uuids})
        union all select list, entries, 0 from list_change where account_id = any (${uuids})
        union all select 'conversations', 0, count(*)::int from conversation where account_id = any (${uuids})
        union all select 'unread', 0, count(*)::int from conversation where account_id = any (${uuids}) and unread_count > 0) x group by 1) s
    union all
    select 'items kept aside', (select count(*) from dead_inbound where item->>'numberId' is null or item->>'numberId' = any (${there}))::int, 0`);
  const broken = rows
    // What was counted as it happened stays counted when somebody is erased.
    .filter(({ what, counted, recount }) =>
      erasures.size > 0 && isHistory(what) ? counted < recount : counted !== recount,
    )
    .map(row => `${row.what}: counted ${row.counted}, recounted ${row.recount}`);
  // Whose first word comes about when we open the conversation may count, or not. So may who is only ever claimed while
  // their file is not there: that opens the conversation, though it gives back the place of the day.
  const opened = (claim: Fragment, slack: Fragment) => sql`(
    select count(distinct m.conversation_id) from event e join message m on m.id = e.message_id
    where e.account_id = d.account_id and ${claim} and (e.at at time zone 'UTC')::date = d.day
      and not exists (select 1 from message o where o.conversation_id = m.conversation_id and o.direction = 'inbound' and o.type <> 'system'
        and o.created_at between e.at - interval '24 hours' and e.at + ${slack}))::int`;
  const fewest = opened(isCall, sql`interval '5 minutes'`);
  const most = opened(sql`e.type = 'message.sending'`, sql`interval '-5 minutes'`);
  const days = await world.database.query<{
    account_id: string;
    day: string;
    sent: number;
    opened: number;
    fewest: number;
    most: number;
  }>(sql`
    select d.account_id, d.day::text as day, d.sent, d.opened, ${fewest} as fewest, ${most} as most
    from account_day d where d.account_id = any (${still})`);
  for (const day of days) {
    const account = accounts.find(({ id }) => toUuid(id) === day.account_id);
    if (!account) continue;
    const ofDay = attempts.filter(
      ({ account_id: id, started_at: at }) => id === day.account_id && at.toISOString().startsWith(day.day),
    );
    // Those that were in force when something was claimed that day, where that is known of all.
    const terms =
      erasures.size > 0 ? account.terms : ofDay.flatMap(({ token }) => termAt(account, token) ?? account.terms);
    const highest = (limits: (number | null)[]) =>
      Math.max(0, ...limits.map(limit => limit ?? Number.POSITIVE_INFINITY));
    if (day.sent > highest(terms.map(({ perDay }) => perDay))) broken.push(`a day sent ${day.sent}`);
    if (day.opened > highest(terms.map(({ newPerDay }) => newPerDay)))
      broken.push(`a day opened ${day.opened} conversations`);
    if (!clockSet && (day.opened < day.fewest || (erasures.size === 0 && day.opened > day.most)))
      broken.push(`opened on a day: counted ${day.opened}, recounted ${day.fewest} to ${day.most}`);
  }
  return broken;
}

/**
 * A3: a message is called again only where its last call was proven not to have been taken, or where its setting says so,
 * when the window for receipts is over, or where an operator says so.
 */
function unfoundedRepeats({ wishes }: Played, attempts: AttemptRow[], inOrder: EventRow[]): string[] {
  const events = inOrder.toSorted((left, right) =>
    left.message_id === right.message_id ? left.number - right.number : left.message_id < right.message_id ? -1 : 1,
  );
  const broken: string[] = [];
  let last: AttemptRow | undefined;
  let ground: 'proven' | 'chosen' | 'by hand' | undefined;
  let failedWith: string | null = null;
  let unknown: EventRow | undefined;
  for (const event of events) {
    const { message_id: id, type, attempt, proven, chosen, at, by_hand: byHand, code } = event;
    const wish = wishes.find(one => one.id !== undefined && toUuid(one.id) === id);
    if (type === 'message.sending') {
      if (attempt !== 1 && ground === undefined) broken.push('a message was called again without a ground');
      last = attempts.find(one => one.message_id === id && one.number === attempt);
      [ground, unknown] = [undefined, undefined];
    } else if (type === 'message.unknown') unknown = event;
    else if (type === 'message.failed') failedWith = code;
    else if (byHand) {
      ground = 'by hand';
      if (type === 'message.queued' && failedWith === 'unknown_outcome' && !wish?.isRetriedByName)
        broken.push('a message was sent again with others though its outcome was unknown');
    } else if (proven && (type === 'message.retry_scheduled' || type === 'message.queued')) {
      ground = 'proven';
      if (last?.message_id === id && last.status !== 'not_sent')
        broken.push(`a message was queued again while its attempt was ${last.status}`);
    } else if (chosen && type === 'message.queued') {
      ground = 'chosen';
      if (!wish || !choicesOf(wish).includes('retry')) broken.push('a message was queued again against its setting');
      const shortest = wish && last && unknown ? shortestWindow(wish.account, last.token, unknown.id) : 0;
      if (!unknown || at.getTime() - unknown.at.getTime() < shortest * 1_000)
        broken.push('a message was queued again before the window for receipts was over');
    }
  }
  return broken;
}

/** The shortest window, in seconds, that was in force between the claim of a call and the event that says that nothing is known of it. */
function shortestWindow({ terms }: Account, token: string, event: number): number {
  const first = terms.findLastIndex(({ before }) => !before.has(token));
  const inForce = terms.filter(({ afterEvent }, place) => place >= first && (place === first || afterEvent < event));
  return Math.min(...inForce.map(({ windowSeconds }) => windowSeconds));
}
