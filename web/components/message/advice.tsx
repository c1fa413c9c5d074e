// What to do about a message that failed.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';

/** In the person's language where we have it for the code; else as the API says it, which is English. */
export function Advice({ error }: { error: NonNullable<Message['error']> }) {
  const { t, i18n } = useTranslation();
  const key = `advice.${error.code}`;
  // biome-ignore lint/suspicious/noExplicitAny: codes come from the channel, and only some have words here
  if (i18n.exists(key)) return t(key as any);
  return (
    <span lang="en" dir="ltr">
      {error.advice}
    </span>
  );
}
