// What a reader of events may ask for: those about one message, conversation or contact.
import type { eventSubjects, Message, PublicEvent } from '@recado/contract';
import { toUuid } from '../../kit/ids.ts';
import type { EventRow } from './event.ts';

export interface Subject {
  kind: 'message' | 'conversation' | 'contact';
  /** A UUID. */
  id: string;
  /** The id in the API. */
  shownId: string;
}

type Wish = Partial<Record<(typeof eventSubjects)[number], string | undefined>>;

/** What a request asks for by its fields, of which it has one at most. */
export function subjectOf({ message_id, conversation_id, contact_id }: Wish): Subject | undefined {
  if (message_id !== undefined) return subject('message', message_id);
  if (conversation_id !== undefined) return subject('conversation', conversation_id);
  return contact_id === undefined ? undefined : subject('contact', contact_id);
}

const subject = (kind: Subject['kind'], shownId: string): Subject => ({ kind, id: toUuid(shownId), shownId });

/** Whether an event may be about a subject, as far as its row says. */
export const mayBeAbout = ({ kind, id }: Subject, row: EventRow): boolean =>
  kind === 'message' ? row.message_id === id : row.message_id !== null || row.data[`${kind}_id`] === id;

/** Whether an event is about a subject: by its message as it is now, or by its own data. */
export function isAbout({ kind, shownId }: Subject, { row, event }: { row: EventRow; event: PublicEvent }): boolean {
  if (row.message_id === null) return kind !== 'message' && event.data[`${kind}_id`] === shownId;
  const message = event.data.message as Message;
  return shownId === (kind === 'message' ? message.id : message[`${kind}_id`]);
}
