// A contact as texts of a form, and back: only what changed is sent.
import type { Contact, ContactField, UpdateContactBody } from '@recado/client';

type Values = Record<string, string>;

const plain = ['name', 'phone', 'reference', 'language'] as const;

export const startOf = (contact: Contact, fields: readonly ContactField[]): Values => ({
  ...Object.fromEntries(plain.map(name => [name, contact[name] ?? ''])),
  ...Object.fromEntries(fields.map(({ key }) => [`fields.${key}`, String(contact.fields[key] ?? '')])),
});

function valueIn(type: ContactField['type'], text: string): string | number | boolean | null {
  if (text === '') return null;
  if (type === 'number') return Number(text);
  return type === 'yes_no' ? text === 'true' : text;
}

/** The body of the PATCH; empty if nothing changed. */
export function bodyOf(values: Values, start: Values, fields: readonly ContactField[]): UpdateContactBody {
  const text = (name: string) => (values[name] ?? '').trim();
  const changed = (name: string) => text(name) !== (start[name] ?? '').trim();
  const changedFields = fields.filter(({ key }) => changed(`fields.${key}`));
  return {
    ...Object.fromEntries(plain.filter(changed).map(name => [name, text(name) || null])),
    ...(changedFields.length > 0 && {
      fields: Object.fromEntries(changedFields.map(({ key, type }) => [key, valueIn(type, text(`fields.${key}`))])),
    }),
  };
}
