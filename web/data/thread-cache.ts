// The loaded part of a conversation in the cache, and what changes in it with each message. Pure.
import type { Message } from '@recado/client';
import type { Change } from './recent.ts';

export interface Stretch {
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
}

/** A stretch after changes, and whether it is what the server has: if not, it has to be read again. */
export interface Changed {
  stretch: Stretch;
  isSure: boolean;
}

/** More than this is never kept, however far somebody scrolls. */
export const mostMessages = 300;

/** Whether two stretches begin and end at the same messages; new ones at the end of the conversation do not count. */
export function isSamePart(one: Stretch | undefined, other: Stretch | undefined): boolean {
  const isSameEnd = one?.hasNewer === other?.hasNewer;
  const lastOf = (stretch: Stretch | undefined) => (stretch?.hasNewer ? stretch.messages.at(-1)?.id : undefined);
  return isSameEnd && one?.messages[0]?.id === other?.messages[0]?.id && lastOf(one) === lastOf(other);
}

interface Page {
  /** The oldest first. */
  messages: readonly Message[];
  hasMore: boolean;
}

/** The stretch with a page before it; what is too much goes at the other end. */
export function withOlder(stretch: Stretch, { messages: older, hasMore }: Page, most = mostMessages): Stretch {
  const messages = [...older, ...stretch.messages];
  return {
    messages: messages.slice(0, most),
    hasOlder: hasMore,
    hasNewer: stretch.hasNewer || messages.length > most,
  };
}

/** The stretch with a page behind it; what is too much goes at the other end. */
export function withNewer(stretch: Stretch, { messages: newer, hasMore }: Page, most = mostMessages): Stretch {
  const messages = [...stretch.messages, ...newer];
  return {
    messages: messages.slice(-most),
    hasOlder: stretch.hasOlder || messages.length > most,
    hasNewer: hasMore,
  };
}

/** The stretch with messages that changed or are new, in the order of their events. */
export function withChanges(stretch: Stretch, changes: readonly Change[], most = mostMessages): Changed {
  if (changes.length === 0) return { stretch, isSure: true };
  const messages = [...stretch.messages];
  const placeOf = new Map(messages.map(({ id }, index) => [id, index]));
  let { hasOlder } = stretch;
  let isSure = true;
  for (const change of changes) {
    const { message } = change;
    const at = placeOf.get(message.id);
    if (at !== undefined) messages[at] = message;
    else {
      const place = placeFor(change, messages, stretch);
      if (place === 'behind') {
        placeOf.set(message.id, messages.length);
        messages.push(message);
      } else if (place === 'before') hasOlder = true;
      else if (place === 'within') isSure = false;
    }
    if (message.type === 'reaction' && !react(messages, placeOf, message, stretch.hasNewer)) isSure = false;
  }
  const isTooMuch = messages.length > most;
  return {
    stretch: { ...stretch, messages: messages.slice(-most), hasOlder: hasOlder || isTooMuch },
    isSure,
  };
}

/**
 * Where an unknown message belongs. The server's order is that of arrival, which messages of one webhook, with one time,
 * do not tell.
 */
function placeFor(
  { message, isNew, isImported }: Change,
  messages: readonly Message[],
  { hasOlder, hasNewer }: Stretch,
): 'behind' | 'before' | 'within' | 'elsewhere' {
  const [first] = messages;
  const last = messages.at(-1);
  if (!first || !last) return hasNewer ? 'elsewhere' : 'behind';
  const at = message.created_at;
  // One of the same webhook may stand before the first.
  const isAmong = hasOlder && at === first.created_at;
  if (!hasNewer && !isImported && (at > last.created_at || (isNew && at === last.created_at && !isAmong)))
    return 'behind';
  if (!isNew || (hasNewer && at > last.created_at)) return 'elsewhere';
  if (at < first.created_at) return hasOlder ? 'elsewhere' : 'before';
  return 'within';
}

const isAttached: ReadonlySet<Message['status']> = new Set([
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'received',
]);
const isTakenBack: ReadonlySet<Message['status']> = new Set(['failed', 'unknown', 'cancelled', 'expired']);
const momentOf = ({ sent_at, created_at }: Message) => sent_at ?? created_at;

const inOrder = (one: Message['reactions'][number], other: Message['reactions'][number]) =>
  one.at < other.at || (one.at === other.at && one.from < other.from) ? -1 : 1;

/**
 * A reaction also changes the message that it is about: the last one of each side holds. It shows before WhatsApp has
 * it. False where only the server knows what holds.
 */
function react(
  messages: Message[],
  placeOf: ReadonlyMap<string, number>,
  reacting: Message,
  hasNewer: boolean,
): boolean {
  const { reaction, direction, status } = reacting;
  const at = reaction?.message_id ? placeOf.get(reaction.message_id) : undefined;
  const target = at === undefined ? undefined : messages[at];
  if (at === undefined || !target || !reaction) return true;
  if (isTakenBack.has(status)) return false;
  if (!isAttached.has(status)) return true;
  // Later ones that lie beyond the stretch may have changed it.
  if (hasNewer) return false;
  const from = direction === 'inbound' ? 'contact' : 'account';
  const moment = momentOf(reacting);
  const others = messages.filter(
    each =>
      each.id !== reacting.id &&
      each.type === 'reaction' &&
      each.direction === direction &&
      each.reaction?.message_id === target.id &&
      isAttached.has(each.status),
  );
  if (others.some(each => momentOf(each) > moment)) return true;
  if (others.some(each => momentOf(each) === moment)) return false;
  const { emoji } = reaction;
  const kept = target.reactions.filter(each => each.from !== from);
  const reactions: Message['reactions'] = emoji ? [...kept, { from, emoji, at: moment }] : kept;
  messages[at] = { ...target, reactions: reactions.toSorted(inOrder) };
  return true;
}
