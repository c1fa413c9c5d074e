// A change at the server, with its error in words.

import { ApiError, RecadoError } from '@recado/client';
import { type QueryClient, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PartNotLoaded } from './lazy.ts';
import { useTextOr } from './text-or.ts';
import { toast, toastError } from './toasts.ts';

/** A change at the server, and the queries that show something else afterwards. */
export interface Change<Given, Answer> {
  act: (given: Given) => Promise<Answer>;
  changes: (given: Given) => readonly QueryKey[];
}

/** Names a change for `useAction` and `useChange`. */
export const change = <Given, Answer>(
  act: (given: Given) => Promise<Answer>,
  changes: (given: Given) => readonly QueryKey[],
): Change<Given, Answer> => ({ act, changes });

interface Action<Given, Answer> extends Partial<Change<Given, Answer>> {
  act: (given: Given) => Promise<Answer>;
}

interface Options<Given, Answer> extends Action<Given, Answer> {
  /** What to say when it is done. */
  done?: string | ((answer: Answer) => string);
  onDone?: (answer: Answer, given: Given) => void;
  /** A form shows its errors itself. */
  quiet?: boolean;
}

/** Does it, reads the changed queries again, and says how it went. */
export function useAction<Given = void, Answer = unknown>(options: Options<Given, Answer>) {
  const { act, changes, done, onDone, quiet = false } = options;
  const client = useQueryClient();
  return useMutation<Answer, Error, Given, { done: typeof done }>({
    mutationFn: act,
    // The page may draw the change before the answer is here, and then has another `done`: keep that of the click.
    onMutate: () => ({ done }),
    onSuccess: async (answer, given, { done: said }) => {
      await readAgain(client, changes?.(given));
      if (said !== undefined) toast(typeof said === 'string' ? said : said(answer));
      onDone?.(answer, given);
    },
    onError: error => {
      if (!quiet) toastError(error);
    },
  });
}

/** A function that makes the change, and resolves once the changed queries on the screen are read again. */
export function useChange<Given, Answer>({ act, changes }: Action<Given, Answer>): (given: Given) => Promise<Answer> {
  const client = useQueryClient();
  return async given => {
    const answer = await act(given);
    await readAgain(client, changes?.(given));
    return answer;
  };
}

async function readAgain(client: QueryClient, keys: readonly QueryKey[] = []): Promise<void> {
  await Promise.all(keys.map(queryKey => client.invalidateQueries({ queryKey })));
}

/** Says an error in the person's language where we have words for its code. `left`: the seconds of its pause that are left. */
export function useErrorWords(): (error: unknown, left?: number) => string {
  const { t } = useTranslation();
  const { tOr } = useTextOr();
  return (error, left) => {
    if (error instanceof PartNotLoaded) return t('error.code.connection_failed');
    if (!(error instanceof RecadoError)) return t('error.unexpected');
    const wait = left ?? (error instanceof ApiError ? error.retryAfter : undefined) ?? 60;
    return tOr(`error.code.${error.code}`, error.message, { seconds: wait });
  };
}
