// Notes about conversations, and what of a conversation somebody has seen.
import type { CreateNoteBody, Message, Note, RecadoEvent, UpdateNoteBody } from '@recado/client';
import { type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { type Progress, upload } from '../kit/upload.ts';
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

interface NewFiles {
  /** To be uploaded, and to go with the note. */
  files?: readonly File[] | undefined;
  /** Tells how much of the files the server has, from 0 to 1. */
  onShare?: ((share: number) => void) | undefined;
}

export const createNote = change(
  async ({ conversationId, files, onShare, ...body }: OfConversation<CreateNoteBody & NewFiles>) => {
    const uploads = await uploadAll({ files, onShare });
    return recado.notes.create(conversationId, { ...body, ...(uploads.length > 0 && { media_ids: uploads }) });
  },
  ({ conversationId }) => [keyOf(conversationId)],
);

export const updateNote = change(
  async ({
    id,
    files,
    onShare,
    media_ids: kept,
    ...rest
  }: OfConversation<UpdateNoteBody & NewFiles & { id: string; media_ids: string[] }>) => {
    const { conversationId: _, ...body } = rest;
    const uploads = await uploadAll({ files, onShare });
    return recado.notes.update(id, { ...body, media_ids: [...kept, ...uploads] });
  },
  ({ conversationId }) => [keyOf(conversationId)],
);

/** The ids of files that the server has: a note that was rejected is sent again without another upload. */
const uploaded = new WeakMap<File, string>();

async function uploadAll({ files = [], onShare }: NewFiles): Promise<string[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const ids: string[] = [];
  let before = 0;
  for (const file of files) {
    const start = before;
    const tell = ({ sent }: Progress) => onShare?.(Math.min(1, (start + sent) / Math.max(1, total)));
    const id = uploaded.get(file) ?? (await upload({ file, filename: file.name }, tell, {})).id;
    uploaded.set(file, id);
    ids.push(id);
    before += file.size;
  }
  return ids;
}

/** A note in one line: its text, or the names of its files. */
export const gistOfNote = ({ body, files }: Note): string =>
  body || files.map(({ filename, id }) => filename ?? id).join(', ');

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
