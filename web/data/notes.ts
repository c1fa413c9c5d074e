// Notes about conversations, and what of a conversation somebody has seen.
import type { CreateNoteBody, Message, RecadoEvent, UpdateNoteBody } from '@recado/client';
import { type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { readWhole } from './list.ts';
import { messageKeys } from './message-keys.ts';
import type { Stretch } from './thread-cache.ts';

const keyOf = (conversationId: string) => ['notes', conversationId] as const;

/** The notes of a conversation, the oldest first. */
export const notesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: keyOf(conversationId),
    queryFn: async ({ signal }) =>
      (await readWhole(recado.notes.list(conversationId, { limit: 100 }, { signal }))).rows.reverse(),
  });

type OfConversation<Given> = Given & { conversationId: string };

export const createNote = change(
  ({ conversationId, ...body }: OfConversation<CreateNoteBody>) => recado.notes.create(conversationId, body),
  ({ conversationId }) => [keyOf(conversationId)],
);

export const updateNote = change(
  ({ conversationId: _, id, ...body }: OfConversation<UpdateNoteBody & { id: string }>) =>
    recado.notes.update(id, body),
  ({ conversationId }) => [keyOf(conversationId)],
);

export const deleteNote = change(
  ({ id }: OfConversation<{ id: string }>) => recado.notes.delete(id),
  ({ conversationId }) => [keyOf(conversationId)],
);

/** The notes that an event makes old. */
export function staleNotes({ type, data }: RecadoEvent): QueryKey[] {
  return type.startsWith('note.') ? [keyOf((data as { conversation_id: string }).conversation_id)] : [];
}

/** The id of the newest message or note of a conversation that this page has. */
export function newestKnown(client: QueryClient, conversationId: string): string | undefined {
  const message = client.getQueryData<Stretch>(messageKeys.thread(conversationId))?.messages.at(-1);
  const note = client.getQueryData(notesQuery(conversationId).queryKey)?.at(-1);
  return (note && (!message || note.created_at > message.created_at) ? note : message)?.id;
}

/** Whether the part of a conversation that this page has goes over the time of a note. */
export function hasAround(client: QueryClient, conversationId: string, noteId: string): boolean {
  const stretch = client.getQueryData<Stretch>(messageKeys.thread(conversationId));
  const note = client.getQueryData(notesQuery(conversationId).queryKey)?.find(({ id }) => id === noteId);
  if (!stretch || !note) return false;
  const { messages, hasOlder, hasNewer } = stretch;
  const at = Date.parse(note.created_at);
  const isAfter = (message: Message | undefined) => message !== undefined && Date.parse(message.created_at) <= at;
  const isBefore = (message: Message | undefined) => message !== undefined && Date.parse(message.created_at) >= at;
  return (!hasOlder || isAfter(messages[0])) && (!hasNewer || isBefore(messages.at(-1)));
}
