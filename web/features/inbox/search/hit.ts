// What a search has found, as the address names it.
import type { FoundMessage } from '@recado/client';
import type { InboxSearch } from '../search.ts';

/** Whether the thread is at this message or note. */
export const isShown = ({ message_id: message, note_id: note }: FoundMessage, search: InboxSearch): boolean =>
  message === null ? note === search.note : message === search.message;

/** The address of a hit. */
export const placeOf = ({
  message_id: message,
  note_id: note,
}: FoundMessage): Pick<InboxSearch, 'message' | 'note'> => ({
  message: message ?? undefined,
  note: note ?? undefined,
});
