// Why a message failed, in words.

import type { Account, Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';
import { useTextOr } from '../kit/text-or.ts';

/** The meaning of a code in few words: ours where we have them, else the words of the channel. */
export function useErrorName(): (code: string, title: string) => string {
  const { tOr } = useTextOr();
  return (code, title) => tOr(`queue.error.${code}`, title || code);
}

/** WhatsApp's code of a link that is too new for people who never wrote. */
const newLink = '463';

const closedWindow: ReadonlySet<string | undefined> = new Set(['131047', 'window_closed']);

/** Whether a template would reach the person: the 24-hour window was closed. */
export const isForTemplate = (code: string | undefined): boolean => closedWindow.has(code);

/** Why it failed: in the person's language where we have words for the code. */
export function useFailureWords(): (error: Message['error'], account?: Account) => string {
  const { t } = useTranslation();
  const { tOr, has } = useTextOr();
  const { day } = useFormat();
  return (error, account) => {
    if (error === null) return t('inbox.failed.none');
    const linkedAt = account?.link?.linked_at;
    if (error.code === newLink && linkedAt) return `${t('inbox.failed.463_since', { day: day(linkedAt) })} (463)`;
    const key = `inbox.failed.${error.code}` as const;
    return has(key) ? `${tOr(key, '')} (${error.code})` : `${error.title} (${error.code}).`;
  };
}

/** Whether the words for a code say what to do. */
export function useHasFailureWords(): (code: string) => boolean {
  const { has } = useTextOr();
  return code => code === newLink || has(`inbox.failed.${code}`);
}
