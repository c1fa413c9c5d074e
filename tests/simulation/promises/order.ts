// A7: messages leave in order within a conversation and a priority, and none beside or before what holds its conversation.
import type { Arrival } from '../meta.ts';
import type { Played } from '../played.ts';
import { type EventRow, isTogether, type Rows } from '../rows.ts';
import { heldOnce, isHolding } from './held.ts';
import { wasHeard } from './windows.ts';

/** For how long an unknown outcome holds its conversation. */
export const unknownHoldsMs = 120_000;

/** What an event says that its message is from then on; undefined where it says nothing of that. */
function stateAfter(event: EventRow): 'queued' | 'sending' | 'unknown' | 'held' | 'else' | undefined {
  const { type, by_hand: byHand } = event;
  if (isHolding(event)) return 'held';
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
    case 'message.duplicated':
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
export function brokenOrder(rows: Rows): string[] {
  const { messages, events, byId } = rows;
  const heldSometimes = heldOnce(rows);
  const broken: string[] = [];
  const states = new Map<string, { word: string; since: number }>();
  for (const event of events) {
    const message = byId.get(event.message_id);
    const word = stateAfter(event);
    if (!message || word === undefined) continue;
    const at = event.at.getTime();
    if (word === 'sending')
      for (const other of messages) {
        const state = states.get(other.id);
        if (!state || other === message || !isTogether(rows, message, other, event)) continue;
        if (state.word === 'sending') broken.push('a message was claimed beside one of its conversation');
        // A claim whose statement waited carries a time from before the outcome: it does not tell how long that held.
        if (state.word === 'unknown' && at >= state.since && at < state.since + unknownHoldsMs)
          broken.push('a message was claimed though an unknown outcome held its conversation');
        const isAhead =
          other.priority < message.priority || (other.priority === message.priority && other.seq < message.seq);
        const isExpired = other.expires_at !== null && other.expires_at.getTime() <= at;
        const isHeld =
          ((other.kind > 1 || other.was_stopped) && heldSometimes.has(other.id)) ||
          (other.needs_window && !wasHeard(rows, other, event));
        if (state.word === 'queued' && isAhead && !isExpired && !isHeld)
          broken.push('a message was claimed before an earlier one of its conversation');
      }
    states.set(message.id, { word, since: at });
  }
  return broken;
}

/** A7, by how the calls arrived; what was scheduled joins the line at its time. */
export function leftOutOfOrder({ meta }: Played, rows: Rows): string[] {
  const { messages, byToken } = rows;
  const heldSometimes = heldOnce(rows);
  const broken: string[] = [];
  const firstCall = new Map<string, Arrival>();
  for (const arrival of meta.arrivals) {
    const id = byToken.get(arrival.token)?.message_id ?? '';
    if (arrival.accepted && !firstCall.has(id)) firstCall.set(id, arrival);
  }
  for (const one of messages)
    for (const other of messages) {
      if (
        one.conversation_id !== other.conversation_id ||
        one.address !== other.address ||
        one.priority !== other.priority ||
        one.seq >= other.seq
      )
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
        // One that is held lets others leave.
        one.needs_window === other.needs_window &&
        !heldSometimes.has(one.id) &&
        !first.late &&
        !second.late
      )
        broken.push('a message left before an earlier one of its conversation');
    }
  return broken;
}
