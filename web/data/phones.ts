// Simulated phones: read again with each event of messages, and every moment, as reading by hand has none.
import type { RecadoEvent, WriteOnPhoneBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';

const freshMs = 1_500;

/** A person's number and the account of the chat. */
export interface PhonePlace {
  accountId: string;
  number: string;
}

const phoneKey = ({ accountId, number }: PhonePlace) => ['phones', accountId, number] as const;

/** A message may be on each phone of its account. */
export const stalePhones = ({ type, account_id }: RecadoEvent): QueryKey[] =>
  type.startsWith('message.') && account_id !== null ? [['phones', account_id]] : [];

export const phoneQuery = (place: PhonePlace) =>
  queryOptions({
    queryKey: phoneKey(place),
    queryFn: ({ signal }) => recado.phones.get(place.accountId, place.number, { signal }),
    refetchInterval: freshMs,
  });

/** The numbers that fail on purpose. */
export const recipientsQuery = queryOptions({
  queryKey: ['sandbox recipients'],
  queryFn: ({ signal }) => recado.phones.listSandboxRecipients({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Writes, presses or reacts as the person. */
export const writeOnPhone = change(
  ({ place, body }: { place: PhonePlace; body: WriteOnPhoneBody }) =>
    recado.phones.writeOn(place.accountId, place.number, body),
  ({ place }) => [phoneKey(place)],
);

/** Sends a file as the person. */
export const writeFileOnPhone = change(
  async ({ place, file }: { place: PhonePlace; file: File }) => {
    const { id } = await recado.media.upload({ file, filename: file.name });
    return recado.phones.writeOn(place.accountId, place.number, { type: 'file', file: { media_id: id } });
  },
  ({ place }) => [phoneKey(place)],
);

/** Reads all as the person. */
export const readOnPhone = change(
  (place: PhonePlace) => recado.phones.readOn(place.accountId, place.number),
  place => [phoneKey(place)],
);

export const setAutoRead = change(
  ({ place, isOn }: { place: PhonePlace; isOn: boolean }) =>
    recado.phones.change(place.accountId, place.number, { auto_read: isOn }),
  ({ place }) => [phoneKey(place)],
);

/** Where the file of a message on a phone is. */
export const fileUrl = ({ accountId, number }: PhonePlace, messageId: string): string =>
  `/api/v1/accounts/${accountId}/phones/${encodeURIComponent(number)}/messages/${encodeURIComponent(messageId)}/file`;
