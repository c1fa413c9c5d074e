// A1, A3, A4 and A6: each message has one outcome, which the evidence decides in whatever order it came and of which each
// step has one event. It is never called twice without proof, nor at a time that its client did not mean.
import { choicesOf, type Played, type SendRequest } from '../played.ts';
import type { AttemptRow, EventRow, MessageRow, Rows } from '../rows.ts';

/** How often a call may be proven not to have been sent; makeAccounts says so. */
const mostTries = 3;
const ranks: Record<string, number> = { failed: 4, delivered: 5, read: 6, played: 7, sent: 3 };

/** Gives what judges one message after the other. */
export function outcomeJudge(
  { meta, requests, clockSet }: Played,
  { attempts, byToken, events }: Rows,
): (request: SendRequest, message: MessageRow) => string[] {
  // An echo that we have taken tells which id the channel gave, and with it what receipts without one are about.
  const echoed = new Set(meta.posts.flatMap(({ taken, receipt }) => (taken && receipt?.echoed ? [receipt.token] : [])));

  const failed = new Set(
    meta.posts.flatMap(({ taken, receipt }) => (taken && receipt?.status === 'failed' ? [receipt.token] : [])),
  );

  const eventsOf = new Map<string, EventRow[]>();
  for (const event of events) eventsOf.set(event.message_id, [...(eventsOf.get(event.message_id) ?? []), event]);

  function judgeMessage(request: SendRequest, message: MessageRow): string[] {
    const broken: string[] = [];
    const say = (text: string) => broken.push(`message ${requests.indexOf(request)} (${message.status}): ${text}`);
    const own = attempts.filter(attempt => attempt.message_id === message.id);
    const calls = own.flatMap(attempt => meta.arrivals.filter(arrival => arrival.token === attempt.token));
    const taken = calls.filter(call => call.accepted);
    const mayRepeat = choicesOf(request).includes('retry') || message.by_hand;
    // A1: one outcome.
    if (['scheduled', 'queued', 'sending'].includes(message.status) && !message.is_left) say('has no outcome');
    if (own.some(attempt => attempt.status === 'sending')) say('has a call that nobody ends');
    if (message.event_count !== message.events || message.last_event !== message.events)
      say(`has ${message.events} events, numbered to ${message.last_event}, and counts ${message.event_count}`);
    // The log is read by the ids of events.
    const numbers = (eventsOf.get(message.id) ?? []).map(event => event.number);
    if (numbers.some((number, place) => number !== place + 1)) say(`has its events in the order ${numbers.join(', ')}`);
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
      // It was not sent after all.
      if (receipt.status === 'sent' && failed.has(receipt.token)) return [];
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
      !choicesOf(request).includes('fail') &&
      !message.decided
    )
      say('was given up against its setting');
    if (message.status === 'failed') {
      const missing = groundMissing(request, message, own);
      if (missing) say(missing);
    }
    for (const fault of doubledOrMissing(message, eventsOf.get(message.id) ?? [])) say(fault);
    judgeTimes(say, request, message, own);
    if (message.status === 'unknown' && taken.length === 0 && calls.length === 0 && own.length === 0)
      say('was never tried');
    if (message.status === 'cancelled' && !request.isCancelAsked && !request.account.isPurged)
      say('nobody has cancelled it');
    if (message.status === 'expired' && request.body.valid_for_seconds === undefined) say('it had no expiry');
    if (message.retried && !mayRepeat) say('was sent again though its outcome was unknown');
    // A message that had been sent before it was queued again may have arrived all the same.
    if (request.cancelled && message.status !== 'cancelled' && !(message.retried && rank >= 3)) say('was cancelled');
    return broken;
  }

  /** What a failed message lacks of a reason to have failed. */
  function groundMissing(request: SendRequest, message: MessageRow, own: AttemptRow[]): string | undefined {
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
      request.body.type === 'image' && meta.filesRefused > 0 && !meta.calls.some(call => call.token === token);
    if (last.class === 'rejected' && hadFileTrouble(last)) return undefined;
    const notSent = own.filter(
      attempt => attempt.class === 'not_sent' && (heard(attempt.token) === 'not_sent' || hadFileTrouble(attempt)),
    );
    if (last.class !== 'not_sent') return `failed, though its last call was ${last.class}`;
    return notSent.length < mostTries ? `failed after ${notSent.length} tries` : undefined;
  }

  /** No call before the time that its client asks for, nor after the one that its client gives. */
  function judgeTimes(
    say: (text: string) => void,
    { body }: SendRequest,
    message: MessageRow,
    own: AttemptRow[],
  ): void {
    const { created_at: createdAt, expires_at: expiresAt } = message;
    const sendAt = body.send_at === undefined ? undefined : Date.parse(body.send_at);
    const begins = Math.max(createdAt.getTime(), sendAt ?? 0);
    const ends = body.valid_for_seconds === undefined ? undefined : begins + body.valid_for_seconds * 1_000;
    if (ends !== expiresAt?.getTime()) say(`expires ${expiresAt?.toISOString()}`);
    // As the clock was then: it may have been set since it became due.
    if (!clockSet && sendAt !== undefined && own.some(({ started_at: at }) => at.getTime() < sendAt))
      say('was claimed before its time');
    if (ends === undefined) return;
    if (own.some(({ started_at: at }) => at.getTime() >= ends)) say('was claimed after its expiry');
    const calls = meta.calls.filter(({ token }) => byToken.get(token)?.message_id === message.id);
    if (!clockSet && calls.some(({ begunAt }) => begunAt >= ends)) say('was called after its expiry');
  }

  return judgeMessage;
}

const steps = ['sent', 'delivered', 'read', 'played'];

/** The steps that the events of a message tell twice, out of order or not at all. */
function doubledOrMissing({ status }: MessageRow, events: EventRow[]): string[] {
  const words = events
    .toSorted((left, right) => left.number - right.number)
    .map(({ type }) => type.replace('message.', ''));
  const told = words.filter((word, place) => steps.includes(word) && words.indexOf(word) === place);
  const expected = steps.slice(0, steps.indexOf(status) + 1);
  return [
    ...expected.filter(word => !told.includes(word)).map(word => `lacks an event of ${word}: ${words.join(', ')}`),
    ...(told.join() === steps.filter(word => told.includes(word)).join()
      ? []
      : [`has events out of order: ${words.join(', ')}`]),
    ...(isDoubled(words) ? [`has doubled events: ${words.join(', ')}`] : []),
  ];
}

/** A message that is called again may be sent again. One that failed may fail again after another outcome. */
function isDoubled(words: string[]): boolean {
  const doubledBetween = (word: string, allowed: (between: string[]) => boolean) => {
    const places = words.flatMap((one, place) => (one === word ? place : []));
    return places.some((place, n) => n > 0 && !allowed(words.slice(places[n - 1], place)));
  };
  return (
    steps.slice(1).some(word => doubledBetween(word, () => false)) ||
    doubledBetween('sent', between => between.includes('sending')) ||
    doubledBetween('failed', between => between.some(word => word !== 'failed' && word !== 'resolved'))
  );
}
