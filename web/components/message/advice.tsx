// What to do about a message that failed.
import type { Message } from '@recado/client';
import { useTextOr } from '../../kit/text-or.ts';

/** In the person's language where we have it for the code; else as the API says it, which is English. */
export function Advice({ error }: { error: NonNullable<Message['error']> }) {
  const { tOr, has } = useTextOr();
  const key = `advice.${error.code}` as const;
  if (has(key)) return tOr(key, error.advice);
  return (
    <span lang="en" dir="ltr">
      {error.advice}
    </span>
  );
}
