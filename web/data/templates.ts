// Templates of an account and of the workspace, and their changes.
import type { CreateTemplate, RecadoEvent, UpdateTemplateBody } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { readWhole } from './list.ts';

const keys = {
  all: ['templates'] as const,
  list: ['templates', 'list'] as const,
  of: (accountId: string) => ['templates', 'of', accountId] as const,
  one: (id: string) => ['templates', 'one', id] as const,
};

/** An event names the account that told of it; the same template belongs to others too. */
export const staleTemplates = ({ type }: RecadoEvent): QueryKey[] => (type.startsWith('template.') ? [keys.all] : []);

/** The templates that an account can send. */
export const templatesQuery = (accountId: string) =>
  queryOptions({
    queryKey: keys.of(accountId),
    queryFn: ({ signal }) => readWhole(recado.templates.list({ account_id: accountId, limit: 100 }, { signal })),
    staleTime: 30_000,
  });

/** All templates of the workspace, newest first. */
export const allTemplatesQuery = queryOptions({
  queryKey: keys.list,
  queryFn: ({ signal }) => readWhole(recado.templates.list({ limit: 100 }, { signal })),
});

/** A template with its history. */
export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => recado.templates.get(id, { signal }),
  });

const all = () => [keys.all];

export const createTemplate = change((body: CreateTemplate) => recado.templates.create(body), all);

export const updateTemplate = change(
  ({ id, ...body }: UpdateTemplateBody & { id: string }) => recado.templates.update(id, body),
  all,
);

export const deleteTemplate = change((id: string) => recado.templates.delete(id), all);

/** Reads the templates from WhatsApp. */
export const syncTemplates = change(() => recado.templates.sync({}), all);
