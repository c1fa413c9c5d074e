// A change at the server, with its error in words.
import { ApiError, RecadoError } from '@recado/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toast } from './toasts.ts';

interface Options<Given, Answer> {
  act: (given: Given) => Promise<Answer>;
  /** The lists that show something else afterwards. */
  changes?: readonly (readonly unknown[])[];
  /** What to say when it is done. */
  done?: string | ((answer: Answer) => string);
  onDone?: (answer: Answer, given: Given) => void;
  /** A form shows its errors itself. */
  quiet?: boolean;
}

/** Does it, reads the changed lists again, and says how it went. */
export function useAction<Given = void, Answer = unknown>(options: Options<Given, Answer>) {
  const { act, changes = [], done, onDone, quiet = false } = options;
  const client = useQueryClient();
  const inWords = useErrorWords();
  return useMutation<Answer, Error, Given>({
    mutationFn: act,
    onSuccess: async (answer, given) => {
      await Promise.all(changes.map(queryKey => client.invalidateQueries({ queryKey })));
      if (done !== undefined) toast(typeof done === 'string' ? done : done(answer));
      onDone?.(answer, given);
    },
    onError: error => {
      if (!quiet) toast(inWords(error), 'danger');
    },
  });
}

/** Says an error in the person's language where we have words for its code. */
export function useErrorWords(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return error => {
    if (!(error instanceof RecadoError)) return t('error.unexpected');
    const key = `error.code.${error.code}` as const;
    const wait = (error instanceof ApiError ? error.retryAfter : undefined) ?? 60;
    // biome-ignore lint/suspicious/noExplicitAny: codes come from the server, and only some have words here
    return i18n.exists(key) ? t(key as any, { seconds: wait }) : error.message;
  };
}
