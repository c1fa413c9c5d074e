// Messages that are held: of a kind that the channel does not take for now, or of a template that it has paused.
import type { Played } from '../played.ts';
import type { EventRow, MessageRow, Rows } from '../rows.ts';

const paused = '132015';
/** How often a message is refused in a row for its template, at most: a sweep may just miss one that is being recorded. */
const mostRefusals = 2;

const isRestriction = ({ class: word }: EventRow): boolean => word?.endsWith('_restricted') === true;

/** Whether an event says that its message waits by itself and lets others of its conversation pass. */
export const isHolding = (event: EventRow): boolean =>
  event.type === 'message.held' ||
  (event.type === 'message.retry_scheduled' && (event.class === 'deferred' || isRestriction(event)));

/** The messages that may have been held, some of them with their kind or their campaign and without an event. */
export function heldOnce({ events, messages, byId }: Rows): Set<string> {
  const restricted = new Set(
    events.filter(isRestriction).flatMap(({ message_id: id }) => byId.get(id)?.account_id ?? []),
  );
  return new Set([
    ...events.filter(isHolding).map(({ message_id: id }) => id),
    ...messages.filter(({ kind, account_id: account }) => kind > 1 && restricted.has(account)).map(({ id }) => id),
    ...messages.filter(message => message.was_stopped).map(({ id }) => id),
  ]);
}

/** Messages claimed while their kind was held, and messages called again and again while their template was paused. */
export function brokenHolds({ clockSet, accounts }: Played, rows: Rows): string[] {
  if (clockSet || accounts.some(({ endangered }) => endangered)) return [];
  const broken = new Set<string>();
  /** By account and kind, until when it is held. */
  const until = new Map<string, number>();
  const refusals = new Map<string, number>();
  const placeOf = ({ account_id: account }: MessageRow, kind: number) => `${account} ${kind}`;
  for (const event of rows.events) {
    const message = rows.byId.get(event.message_id);
    if (!message) continue;
    if (event.type === 'message.sending' && event.at.getTime() < (until.get(placeOf(message, message.kind)) ?? 0))
      broken.add('a message was claimed though its kind was restricted');
    if (event.type === 'message.held') refusals.delete(message.id);
    if (event.type === 'message.retry_scheduled' && event.code === paused) {
      const n = (refusals.get(message.id) ?? 0) + 1;
      refusals.set(message.id, n);
      if (n > mostRefusals) broken.add(`a message of a paused template was called ${n} times`);
    }
    if (!isRestriction(event) || !event.due_at) continue;
    for (const kind of event.class === 'templates_restricted' ? [2, 3] : [3]) {
      const place = placeOf(message, kind);
      until.set(place, Math.max(until.get(place) ?? 0, event.due_at.getTime()));
    }
  }
  return [...broken];
}
