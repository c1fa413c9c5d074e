// Contacts: the people that accounts write with.
import type { Contact, CreateContactBody, Message, UpdateContactBody } from '@recado/client';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';
import { idsAtOnce, inPieces } from './pieces.ts';

export const contactKeys = {
  all: ['contacts'] as const,
  one: (id: string) => ['contacts', 'one', id] as const,
  found: (search: string) => ['contacts', 'found', search] as const,
  some: (ids: readonly string[]) => ['contacts', 'some', ids] as const,
};

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: contactKeys.one(id),
    queryFn: ({ signal }) => recado.contacts.get(id, { signal }),
  });

const fewFound = 6;

/** The first contacts that fit a search. */
export const foundContactsQuery = (search: string) =>
  queryOptions({
    queryKey: contactKeys.found(search),
    queryFn: ({ signal }) => recado.contacts.list({ search, limit: fewFound }, { signal }).page(),
  });

/** The people of some messages or opt-outs, by id. */
export const contactsOfQuery = (rows: readonly Pick<Message, 'contact_id'>[]) => {
  const ids = [...new Set(rows.map(row => row.contact_id))].sort();
  return queryOptions({
    queryKey: contactKeys.some(ids),
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        inPieces(ids).map(some => recado.contacts.list({ ids: some, limit: idsAtOnce }, { signal }).page()),
      );
      return new Map<string, Contact>(answers.flatMap(({ data }) => data.map(each => [each.id, each] as const)));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
};

export const createContact = change(
  (contact: CreateContactBody) => recado.contacts.create(contact),
  () => [contactKeys.all],
);

/** Conversations show the name too. */
export const updateContact = change(
  ({ id, ...body }: UpdateContactBody & { id: string }) => recado.contacts.update(id, body),
  () => [contactKeys.all, conversationKeys.all],
);
