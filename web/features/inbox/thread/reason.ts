// Why a message waits or failed, in one sentence.
import type { Account, Message, MessageDetails } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';

type Waiting = NonNullable<MessageDetails['waiting']>;

/** The reason in words, with the moment when it ends. */
export function useWaitingWords(): (waiting: Waiting, account: Account | undefined) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const untilWords = (until: string) => {
    const seconds = (Date.parse(until) - Date.now()) / 1_000;
    if (seconds < 60) return t('inbox.waits.in', { time: format.duration(Math.max(1, seconds)) });
    const isToday = new Date(until).toDateString() === new Date().toDateString();
    return isToday
      ? t('inbox.waits.at', { time: format.clock(until) })
      : t('inbox.waits.on', { day: format.day(until), time: format.clock(until) });
  };
  return ({ reason, until, ahead }, account) => {
    const rate = account?.effective_limits.rate;
    const parts = [
      t(`inbox.waits.${reason}`, {
        account: account?.name ?? '',
        messages: rate ? format.number(rate.messages) : '',
        seconds: rate ? format.duration(rate.seconds) : '',
        limit: account?.limits.per_day ? format.number(account.limits.per_day) : '',
      }),
      until !== null && untilWords(until),
      reason === 'rate_limit' && ahead !== null && ahead > 0 && t('inbox.waits.ahead', { count: ahead }),
    ];
    return parts.filter(Boolean).join(' ');
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
    const advice = i18n.language.startsWith('en') ? ` ${error.advice}` : '';
    return `${error.title} (${error.code}).${advice}`;
  };
}
