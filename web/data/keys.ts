// The API keys of the workspace.
import { type CreateKeyBody, type Message, Recado, type SendMessage, type UpdateKeyBody } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery, readWhole } from './list.ts';

const keyKeys = { all: ['keys'] as const, pages: ['keys', 'pages'] as const, whole: ['keys', 'whole'] as const };

export const keysQuery = listQuery(keyKeys.pages, (query, options) => recado.keys.list(query, options));

/** All keys, to choose one. */
export const allKeysQuery = queryOptions({
  queryKey: keyKeys.whole,
  queryFn: ({ signal }) => readWhole(recado.keys.list({ limit: 100 }, { signal })),
  staleTime: 60_000,
});

const all = () => [keyKeys.all];

/** The answer has the key itself, this once. */
export const createKey = change((body: CreateKeyBody) => recado.keys.create(body), all);

export const updateKey = change(({ id, ...body }: UpdateKeyBody & { id: string }) => recado.keys.update(id, body), all);

export const revokeKey = change((id: string) => recado.keys.revoke(id), all);

/** Sends a message as a program with this key does: without the session of the browser. */
export const sendWithKey = ({ key, message }: { key: string; message: SendMessage }): Promise<Message> => {
  const asProgram: typeof fetch = (url, init) => fetch(url, { ...init, credentials: 'omit' });
  return new Recado({ url: location.origin, token: key, fetch: asProgram }).messages.send(message);
};
