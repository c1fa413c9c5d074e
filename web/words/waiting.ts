// Why a message waits, and until when, in words.
import type { Account, MessageDetails, QueueReasons } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';

export type WaitingReason = QueueReasons['reasons'][number]['reason'];

/** What stands behind the name of a reason: the account and its limit. */
export function useReasonWords(): (reason: WaitingReason, account: Account | undefined) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (reason, account) => {
    const limits = account?.effective_limits;
    return t(`queue.because.${reason}`, {
      account: account?.name ?? t('queue.someAccount'),
      messages: limits ? format.number(limits.rate.messages) : '',
      seconds: limits ? format.duration(limits.rate.seconds) : '',
      limit: account?.limits.per_day ? format.number(account.limits.per_day) : '',
    });
  };
}

const unending: Partial<Record<WaitingReason, 'now' | 'act' | 'write'>> = {
  next: 'now',
  paused: 'act',
  flagged: 'act',
  account_error: 'act',
  window_closed: 'write',
};

/** When a wait ends. */
export function useUntilWords(): (reason: WaitingReason, until: string | null) => string {
  const { t } = useTranslation();
  const { clock, day, duration } = useFormat();
  return (reason, until) => {
    if (until === null) return t(`queue.ends.${unending[reason] ?? 'open'}`);
    const seconds = (Date.parse(until) - Date.now()) / 1_000;
    if (seconds <= 1) return t('queue.ends.now');
    if (seconds < 120) return t('queue.ends.in', { time: duration(seconds) });
    const isToday = new Date(until).toDateString() === new Date().toDateString();
    return isToday
      ? t('queue.ends.at', { time: clock(until) })
      : t('queue.ends.on', { day: day(until), time: clock(until) });
  };
}

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
