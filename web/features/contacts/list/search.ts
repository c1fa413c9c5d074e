// The filters of contacts, as they are in the address.
import type { ContactSort } from '@recado/contract';
import type { ContactFilter } from '../../../data/contacts.ts';

// Only the type of the contract: its schemas would come with the first load.
const isSort: Record<ContactSort, true> = { created: true, name: true, last_message: true };

export interface ContactsSearch {
  q?: string | undefined;
  label?: string | undefined;
  segment?: string | undefined;
  /** Key, colon, value. */
  field?: string | undefined;
  opted_out?: true | undefined;
  unread?: true | undefined;
  sort?: ContactSort | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
const flag = (given: unknown) => (given === true || given === 'true' ? true : undefined);

/** Keeps the filters. Anything else would stay in the address. */
export const contactsSearch = (given: Record<string, unknown>): ContactsSearch => ({
  // A number in the address comes as one.
  q: text(given.q) ?? (typeof given.q === 'number' ? String(given.q) : undefined),
  label: text(given.label),
  segment: text(given.segment),
  field: text(given.field),
  opted_out: flag(given.opted_out),
  unread: flag(given.unread),
  sort: (Object.keys(isSort) as ContactSort[]).find(sort => sort === given.sort),
});

/** The filters for the API, without the order. */
export const filterOf = ({
  q,
  label,
  segment,
  field,
  opted_out,
  unread,
}: ContactsSearch): Omit<ContactFilter, 'sort'> => ({
  ...(q !== undefined && { search: q }),
  ...(label !== undefined && { label_id: label }),
  ...(segment !== undefined && { segment_id: segment }),
  ...(field !== undefined && { field }),
  ...(opted_out && { opted_out }),
  ...(unread && { unread }),
});
