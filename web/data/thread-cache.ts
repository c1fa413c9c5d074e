// The loaded part of a conversation in the cache, and what changes in it with each message. Pure.
import type { Message } from '@recado/client';

export interface Stretch {
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
}

/** More than this is never kept, however far somebody scrolls. */
export const mostMessages = 300;

/** Whether two stretches begin and end at the same messages; new ones at the end of the conversation do not count. */
export function isSamePart(one: Stretch | undefined, other: Stretch | undefined): boolean {
  const isSameEnd = one?.hasNewer === other?.hasNewer;
  const lastOf = (stretch: Stretch | undefined) => (stretch?.hasNewer ? stretch.messages.at(-1)?.id : undefined);
  return isSameEnd && one?.messages[0]?.id === other?.messages[0]?.id && lastOf(one) === lastOf(other);
}

/** The stretch with messages that changed or are new. */
export function withChanges(stretch: Stretch, changed: readonly Message[]): Stretch {
  if (changed.length === 0) return stretch;
  const messages = [...stretch.messages];
  const placeOf = new Map(messages.map(({ id }, index) => [id, index]));
  for (const message of changed) {
    react(messages, placeOf, message);
    const at = placeOf.get(message.id);
    if (at !== undefined) messages[at] = message;
    else if (!stretch.hasNewer && isBehind(message, messages.at(-1))) {
      placeOf.set(message.id, messages.length);
      messages.push(message);
    }
  }
  const tooMany = messages.length > mostMessages;
  return { ...stretch, messages: messages.slice(-mostMessages), hasOlder: stretch.hasOlder || tooMany };
}

/**
 * Whether an unknown message is newer than the last one. Those of one webhook have the same time: one that is read by
 * now belongs to an older page.
 */
function isBehind({ created_at: at, direction, status }: Message, last: Message | undefined): boolean {
  if (last === undefined || at > last.created_at) return true;
  return at === last.created_at && !(direction === 'inbound' && status === 'read');
}

/** A reaction also changes the message that it is about. */
function react(messages: Message[], placeOf: ReadonlyMap<string, number>, { type, reaction, ...by }: Message): void {
  if (type !== 'reaction' || !reaction?.message_id || by.status === 'failed') return;
  const at = placeOf.get(reaction.message_id);
  const target = at === undefined ? undefined : messages[at];
  if (at === undefined || !target) return;
  const from = by.direction === 'inbound' ? 'contact' : 'account';
  const others = target.reactions.filter(each => each.from !== from);
  const { emoji } = reaction;
  messages[at] = { ...target, reactions: emoji ? [...others, { from, emoji, at: by.created_at }] : others };
}
