// What the simulated phones show: read again with each event of messages, and every moment, as reading by hand has none.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { recado } from '../../../kit/client.ts';

const freshMs = 1_500;

/** A person's number and the account of the chat. */
export interface PhonePlace {
  accountId: string;
  number: string;
}

export const phoneQuery = ({ accountId, number }: PhonePlace) =>
  queryOptions({
    queryKey: ['phone', accountId, number],
    queryFn: ({ signal }) => recado.phones.get(accountId, number, { signal }),
    refetchInterval: freshMs,
  });

export const recipientsQuery = queryOptions({
  queryKey: ['sandbox recipients'],
  queryFn: ({ signal }) => recado.phones.listSandboxRecipients({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Reads a phone again after something was done on it. */
export function useFreshPhone({ accountId, number }: PhonePlace): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['phone', accountId, number] });
}

/** Where the file of a message on a phone is. */
export const fileUrl = ({ accountId, number }: PhonePlace, messageId: string): string =>
  `/api/v1/accounts/${accountId}/phones/${encodeURIComponent(number)}/messages/${encodeURIComponent(messageId)}/file`;
