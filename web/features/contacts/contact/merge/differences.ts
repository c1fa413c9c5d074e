import type { Contact, MergeContactsBody } from '@recado/client';

/** The values that a contact may take from the other one. */
export type Taken = NonNullable<MergeContactsBody['take']>[number];

const plain = ['name', 'language', 'reference'] as const;

/** The values that both have and that differ. Where only one has a value, it stays. */
export function differencesOf(contact: Contact, other: Contact): Taken[] {
  const keys = Object.keys(contact.fields).filter(
    key => other.fields[key] !== undefined && other.fields[key] !== contact.fields[key],
  );
  return [
    ...plain.filter(name => contact[name] !== null && other[name] !== null && contact[name] !== other[name]),
    ...keys.map(key => `fields.${key}` as const),
  ];
}
