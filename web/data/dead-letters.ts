// Dead letters: what WhatsApp sent and Recado could not apply.
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const letterKeys = {
  all: ['dead letters'] as const,
  list: ['dead letters', 'list'] as const,
  one: (id: string) => ['dead letters', id] as const,
};

export const deadLettersQuery = listQuery(letterKeys.list, (query, options) => recado.deadLetters.list(query, options));

/** One with the webhook that it came in. */
export const deadLetterQuery = (id: string) =>
  queryOptions({ queryKey: letterKeys.one(id), queryFn: ({ signal }) => recado.deadLetters.get(id, { signal }) });

const all = () => [letterKeys.all];

export const retryDeadLetter = change((id: string) => recado.deadLetters.retry(id), all);

export const discardDeadLetter = change((id: string) => recado.deadLetters.discard(id), all);
