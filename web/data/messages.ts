// Single messages, and what can be done with them.
import type { Message, RecadoEvent, SendMessage } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { type Outcome, type Resolution, type RunOptions, runBulk, type Target } from './bulk.ts';
import { listQuery } from './list.ts';
import { messageKeys } from './message-keys.ts';
import { queueKeys } from './queue.ts';

/** An event shows at once in the details of its message. */
export const staleMessages = ({ data }: RecadoEvent): QueryKey[] =>
  'message' in data ? [messageKeys.one(data.message.id), messageKeys.history(data.message.contact_id)] : [];

const historyAtOnce = 50;

const fileTypes = ['image', 'video', 'audio', 'document'] as const;

/** An event of a message with a file, or of its file, makes the files of its conversation and person stale. */
export function staleFiles({ data }: RecadoEvent): QueryKey[] {
  if (!('message' in data) || !fileTypes.some(each => each === data.message.type)) return [];
  return [messageKeys.files(data.message.conversation_id), messageKeys.files(data.message.contact_id)];
}

/** The messages of a conversation or a person that carry a file, the newest first. */
export const filesQuery = (of: { conversation_id: string } | { contact_id: string }) =>
  listQuery(messageKeys.files('contact_id' in of ? of.contact_id : of.conversation_id), (query, options) =>
    recado.messages.list({ ...of, ...query, type: [...fileTypes] }, options),
  );

/** One message with its timeline, its attempts and why it waits. Events say nothing of reasons. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: messageKeys.one(id),
    queryFn: ({ signal }) => recado.messages.get(id, { signal }),
  });

/** The messages of a person in all accounts, the newest first. */
export const historyQuery = (contactId: string) =>
  listQuery(messageKeys.history(contactId), (query, options) =>
    recado.messages.list({ contact_id: contactId, ...query, limit: historyAtOnce }, options),
  );

/** Whom an account wrote to last; null before its first message. */
export const lastRecipientQuery = (accountId: string) =>
  queryOptions({
    queryKey: messageKeys.lastRecipient(accountId),
    queryFn: async ({ signal }) => {
      const query = { account_id: accountId, direction: 'outbound', limit: 1 } as const;
      const [message] = (await recado.messages.list(query, { signal }).page()).data;
      return message?.to ?? null;
    },
  });

/** Whether the workspace has a message at all. */
export async function hasMessages(): Promise<boolean> {
  const { data } = await recado.messages.list({ limit: 1 }).page();
  return data.length > 0;
}

type Which = Pick<Message, 'id' | 'conversation_id'>;
const changesOf = ({ id, conversation_id }: Which): QueryKey[] => [
  messageKeys.one(id),
  messageKeys.thread(conversation_id),
  queueKeys.all,
];

/** Events bring the message into the lists. */
export const sendMessage = (message: SendMessage): Promise<Message> => recado.messages.send(message);

/** Sends a failed message again. */
export const retryMessage = change(({ id }: Which) => recado.messages.retry(id), changesOf);

export const cancelMessage = change(({ id }: Which) => recado.messages.cancel(id), changesOf);

/** Decides what became of a message with an unknown outcome. */
export const resolveMessage = change(
  ({ id, resolution }: Which & { resolution: Resolution }) => recado.messages.resolve(id, { resolution }),
  changesOf,
);

/** Retries, cancels or resolves many messages. */
export const changeMany = change(
  ({ target, ...options }: RunOptions & { target: Target }): Promise<Outcome> => runBulk(target, options),
  () => [queueKeys.all, messageKeys.all],
);
