// Why a message failed, in words.
import type { Account, Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';

/** What a code means in few words: ours where we have them, else those of the channel. */
export function useErrorName(): (code: string, title: string) => string {
  const { t, i18n } = useTranslation();
  return (code, title) => {
    const key = `queue.error.${code}`;
    // biome-ignore lint/suspicious/noExplicitAny: codes come from the channel, and only some have words here
    return i18n.exists(key) ? t(key as any) : title || code;
  };
}

/** WhatsApp's code of a link that is too new for people who never wrote. */
const newLink = '463';

/** Why it failed: in the person's language where we have words for the code. */
export function useFailureWords(): (error: Message['error'], account?: Account) => string {
  const { t, i18n } = useTranslation();
  const { day } = useFormat();
  return (error, account) => {
    if (error === null) return t('inbox.failed.none');
    const linkedAt = account?.link?.linked_at;
    if (error.code === newLink && linkedAt) return `${t('inbox.failed.463_since', { day: day(linkedAt) })} (463)`;
    const key = `inbox.failed.${error.code}`;
    // biome-ignore lint/suspicious/noExplicitAny: codes come from the channel, and only some have words here
    if (i18n.exists(key)) return `${t(key as any)} (${error.code})`;
    return `${error.title} (${error.code}).`;
  };
}

/** Whether the words for a code say what to do. */
export function useHasFailureWords(): (code: string) => boolean {
  const { i18n } = useTranslation();
  return code => code === newLink || i18n.exists(`inbox.failed.${code}`);
}
