// Saved replies: own ones, and those of the workspace.
import type { CreateSavedReplyBody, RecadoEvent, SavedReply, UpdateSavedReplyBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { readWhole } from './list.ts';

const keys = ['saved replies'] as const;

/** All of them, the most used first. */
export const savedRepliesQuery = queryOptions({
  queryKey: keys,
  queryFn: ({ signal }) => readWhole(recado.savedReplies.list({ limit: 100 }, { signal })),
  staleTime: 60_000,
});

/** Events tell of the replies of the workspace only. */
export const staleSavedReplies = ({ type }: RecadoEvent): QueryKey[] => (type.startsWith('saved_reply.') ? [keys] : []);

const all = () => [keys];

export const createSavedReply = change((body: CreateSavedReplyBody) => recado.savedReplies.create(body), all);

export const updateSavedReply = change(
  ({ id, ...body }: UpdateSavedReplyBody & { id: string }) => recado.savedReplies.update(id, body),
  all,
);

export const deleteSavedReply = change((id: string) => recado.savedReplies.delete(id), all);

/** Counts a use. The list is read again when somebody looks at it next. */
export const countReplyUse = change((id: string) => recado.savedReplies.use(id), all);

/** The file of a reply, to be sent with a message. */
export async function fileOfReply({ id, filename, mime_type }: SavedReply['files'][number]): Promise<File> {
  const content = await recado.media.download(id);
  return new File([await content.blob()], filename ?? id, { type: mime_type ?? '' });
}

/** The person of the newest conversation, as an example; null if there is none. */
export const newestPersonQuery = queryOptions({
  queryKey: [...keys, 'example'],
  queryFn: async ({ signal }) => {
    const [newest] = (await recado.conversations.list({ limit: 1 }, { signal }).page()).data;
    if (!newest) return null;
    const [contact, account] = await Promise.all([
      recado.contacts.get(newest.contact.id, { signal }),
      recado.accounts.get(newest.account_id, { signal }),
    ]);
    return { contact, account: account.name };
  },
  staleTime: 60_000,
});
