// An error in words, as long as it holds.
import { ApiError } from '@recado/client';
import { useState } from 'react';
import { useErrorWords } from './use-action.ts';
import { useSecondsLeft } from './use-seconds-left.ts';

/** Says an error. A pause that its words name ticks down from the moment it is shown; undefined once it is over. */
export function useErrorText(error: unknown): string | undefined {
  const inWords = useErrorWords();
  const [shown, setShown] = useState(() => ({ error, at: Date.now() }));
  if (shown.error !== error) setShown({ error, at: Date.now() });
  const pause = error instanceof ApiError ? error.retryAfter : undefined;
  const namesPause = pause !== undefined && inWords(error, 1) !== inWords(error, 2);
  const left = useSecondsLeft(namesPause ? shown.at + pause * 1_000 : undefined);
  return error == null || left === 0 ? undefined : inWords(error, left);
}
