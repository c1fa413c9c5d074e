// Contacts: the people that accounts write with.
import type {
  Contact,
  CreateContactBody,
  ListContactsQuery,
  MergeContactsBody,
  Message,
  RecadoEvent,
  UpdateContactBody,
} from '@recado/client';
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';
import { listQuery, readWhole } from './list.ts';
import { idsAtOnce, inPieces } from './pieces.ts';

export type ContactFilter = Omit<ListContactsQuery, 'limit' | 'cursor' | 'offset' | 'ids'>;

export const contactKeys = {
  all: ['contacts'] as const,
  one: (id: string) => ['contacts', 'one', id] as const,
  /** The lists of all filters, and how long they are. */
  lists: ['contacts', 'list'] as const,
  list: (filter: ContactFilter) => ['contacts', 'list', filter] as const,
  count: (filter: ContactFilter) => ['contacts', 'list', 'count', filter] as const,
  found: (search: string) => ['contacts', 'found', search] as const,
  some: (ids: readonly string[]) => ['contacts', 'some', ids] as const,
};

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: contactKeys.one(id),
    queryFn: ({ signal }) => recado.contacts.get(id, { signal }),
  });

export const contactsQuery = (filter: ContactFilter) =>
  listQuery(contactKeys.list(filter), (query, options) => recado.contacts.list({ ...filter, ...query }, options));

/** How many contacts fit a filter; null if they are too many to count. */
export const contactCountQuery = (filter: ContactFilter) =>
  queryOptions({
    queryKey: contactKeys.count(filter),
    queryFn: async ({ signal }) => (await recado.contacts.list({ ...filter, limit: 1 }, { signal }).page()).page.total,
  });

/** The ids of the contacts that fit a filter, at most 1,000. */
export const contactIds = async (filter: ContactFilter): Promise<string[]> =>
  (await readWhole(recado.contacts.list({ ...filter, limit: 100 }))).rows.map(({ id }) => id);

/** The address of the export of a filter, which the browser asks with its session. */
export function exportOf(filter: Omit<ContactFilter, 'sort'>): string {
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return `/api/v1/contacts/export?${query}`;
}

const endsOfImports = new Set<string>(['import.finished', 'import.failed', 'import.cancelled', 'import.undone']);

/** An import tells its end, and no contact of it. */
export const changesManyContacts = ({ type }: RecadoEvent): boolean => endsOfImports.has(type);

/** A contact changes its page and the lists; a label, a field or an import all contacts that have it. */
export function staleContacts(event: RecadoEvent): QueryKey[] {
  const { type, data } = event;
  if (changesManyContacts(event)) return [contactKeys.all];
  if (type.startsWith('label.') || type.startsWith('contact_field.')) return [contactKeys.all];
  if (type.startsWith('contact.') || type.startsWith('opt_out.'))
    return [contactKeys.lists, ...('contact_id' in data ? [contactKeys.one(data.contact_id)] : [])];
  return type === 'message.received' ? [contactKeys.lists] : [];
}

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

/** The other contact ends; its history and its numbers move. */
export const mergeContact = change(
  ({ id, ...body }: MergeContactsBody & { id: string }) => recado.contacts.merge(id, body),
  () => [contactKeys.all, conversationKeys.all],
);

export const eraseContact = change(
  (id: string) => recado.privacy.eraseContact(id),
  () => [contactKeys.lists, conversationKeys.all],
);

/** All that is kept of a person. */
export const exportContact = (id: string) => recado.privacy.exportContact(id);

/** Gives a label to a contact, or takes it off. */
export const setLabel = change(
  ({ id, labelId, has }: { id: string; labelId: string; has: boolean }) =>
    has ? recado.contacts.label(id, labelId) : recado.contacts.unlabel(id, labelId),
  ({ id }) => [contactKeys.one(id), contactKeys.lists],
);

/** Conversations show the name too. */
export const updateContact = change(
  ({ id, ...body }: UpdateContactBody & { id: string }) => recado.contacts.update(id, body),
  () => [contactKeys.all, conversationKeys.all],
);
