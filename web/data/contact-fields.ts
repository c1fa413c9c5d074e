// The workspace's own fields of contacts.
import type { CreateContactFieldBody, RecadoEvent, UpdateContactFieldBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { contactKeys } from './contacts.ts';

const fieldKeys = { all: ['contact fields'] as const };

/** All fields, in their order. */
export const fieldsQuery = queryOptions({
  queryKey: fieldKeys.all,
  queryFn: async ({ signal }) => (await recado.contactFields.list({ signal })).data,
});

export const staleFields = ({ type }: RecadoEvent): QueryKey[] =>
  type.startsWith('contact_field.') ? [fieldKeys.all] : [];

const shown = () => [fieldKeys.all, contactKeys.all];

export const createField = change((body: CreateContactFieldBody) => recado.contactFields.create(body), shown);

export const updateField = change(
  ({ id, ...body }: UpdateContactFieldBody & { id: string }) => recado.contactFields.update(id, body),
  shown,
);

export const deleteField = change((id: string) => recado.contactFields.delete(id), shown);
