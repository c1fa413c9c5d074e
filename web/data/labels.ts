// Labels of contacts and of conversations.
import type { ApplyLabelBody, CreateLabelBody, Label, RecadoEvent, UpdateLabelBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { changesManyContacts, contactKeys } from './contacts.ts';
import { inPieces } from './pieces.ts';

export const labelKeys = { all: ['labels'] as const, on: (on: Label['on'] | 'all') => ['labels', on] as const };

/** All labels of a kind, or of both, by name. */
export const labelsQuery = (on?: Label['on']) =>
  queryOptions({
    queryKey: labelKeys.on(on ?? 'all'),
    queryFn: async ({ signal }) => (await recado.labels.list(on === undefined ? {} : { on }, { signal })).data,
  });

/** An import may make labels, and gives them to many. */
export const staleLabels = (event: RecadoEvent): QueryKey[] =>
  event.type.startsWith('label.') || changesManyContacts(event) ? [labelKeys.all] : [];

const shown = () => [labelKeys.all, contactKeys.all];

export const createLabel = change((body: CreateLabelBody) => recado.labels.create(body), shown);

export const updateLabel = change(
  ({ id, ...body }: UpdateLabelBody & { id: string }) => recado.labels.update(id, body),
  shown,
);

export const deleteLabel = change((id: string) => recado.labels.delete(id), shown);

/** The most contacts of one request, by their ids. */
const mostIds = 500;

interface ManyLabelled {
  id: string;
  action: ApplyLabelBody['action'];
  /** Which contacts, or all that fit a filter. */
  to: readonly string[] | NonNullable<ApplyLabelBody['filter']>;
}

/** Gives a label to many contacts, or takes it from them. Says how many changed. */
export const applyLabel = change(async ({ id, action, to }: ManyLabelled) => {
  if (!isList(to)) return (await recado.labels.apply(id, { action, filter: to })).changed;
  let changed = 0;
  for (const contact_ids of inPieces(to, mostIds))
    changed += (await recado.labels.apply(id, { action, contact_ids })).changed;
  return changed;
}, shown);

const isList = (to: ManyLabelled['to']): to is readonly string[] => Array.isArray(to);
