// Files of messages.
import type { Message } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { messageKeys } from './message-keys.ts';

/** Which files WhatsApp and the server take. */
export const mediaCapabilitiesQuery = queryOptions({
  queryKey: ['media', 'capabilities'],
  queryFn: ({ signal }) => recado.media.getCapabilities({ signal }),
  staleTime: 60_000,
});

/** Fetches the file of a message again. */
export const retryMedia = change(
  ({ id }: Pick<Message, 'conversation_id'> & { id: string }) => recado.media.retry(id),
  ({ conversation_id }) => [messageKeys.thread(conversation_id)],
);
