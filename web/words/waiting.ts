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

/** When a wait ends; of a rate limit, when the next message leaves. `now`: in milliseconds, for a countdown. */
export function useUntilWords(): (reason: WaitingReason, until: string | null, now?: number) => string {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const moment = useMomentWords();
  return (reason, until, now = Date.now()) => {
    if (until === null) return t(`queue.ends.${unending[reason] ?? 'open'}`);
    const seconds = (Date.parse(until) - now) / 1_000;
    if (reason === 'rate_limit')
      return seconds <= 1 ? t('queue.ends.nextNow') : t('queue.ends.next', { time: duration(seconds) });
    if (seconds <= 1) return t('queue.ends.now');
    if (seconds < 120) return t('queue.ends.in', { time: duration(seconds) });
    return moment(until);
  };
}

/** "at 14:20", or of another day with its date. */
function useMomentWords(): (time: string) => string {
  const { t } = useTranslation();
  const { clock, day } = useFormat();
  return time =>
    new Date(time).toDateString() === new Date().toDateString()
      ? t('queue.ends.at', { time: clock(time) })
      : t('queue.ends.on', { day: day(time), time: clock(time) });
}

type Waiting = NonNullable<MessageDetails['waiting']>;

const countdownSeconds = 2 * 3_600;
/** The server counts places to this. */
const farthest = 10_000;

/** When a message leaves and how many leave before it: "23 before it, leaves in about 7 min 40 sec". */
export function useLeavesWords(): (waiting: Omit<Waiting, 'id'>, now: number) => string {
  const { t } = useTranslation();
  const { duration, number } = useFormat();
  const moment = useMomentWords();
  const until = useUntilWords();
  const leaves = ({ reason, until: end, expected_at: at }: Omit<Waiting, 'id'>, now: number): string | undefined => {
    if (at === null) return reason === 'rate_limit' ? undefined : until(reason, end, now);
    const seconds = (Date.parse(at) - now) / 1_000;
    if (seconds <= 1) return t('queue.leaves.now');
    return seconds < countdownSeconds
      ? t('queue.leaves.in', { time: duration(seconds) })
      : t('queue.leaves.at', { when: moment(at) });
  };
  return (waiting, now) => {
    const { ahead } = waiting;
    const shown = ahead !== null && ahead >= farthest ? `${number(farthest)}+` : number(ahead ?? 0);
    const place = ahead === null || ahead === 0 ? undefined : t('queue.leaves.ahead', { count: ahead, shown });
    return [place, leaves(waiting, now)].filter(Boolean).join(t('queue.leaves.and'));
  };
}

/** The reason in words, with the moment when the message leaves. */
export function useWaitingWords(): (waiting: Waiting, account: Account | undefined) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const leavesWords = (time: string) => {
    const seconds = (Date.parse(time) - Date.now()) / 1_000;
    if (seconds < 60) return t('inbox.waits.in', { time: format.duration(Math.max(1, seconds)) });
    const isToday = new Date(time).toDateString() === new Date().toDateString();
    return isToday
      ? t('inbox.waits.at', { time: format.clock(time) })
      : t('inbox.waits.on', { day: format.day(time), time: format.clock(time) });
  };
  return ({ reason, until, ahead, expected_at: expected }, account) => {
    const rate = account?.effective_limits.rate;
    // The end of a rate limit is when the next one leaves, which may be another message.
    const leaves = expected ?? (reason === 'rate_limit' ? null : until);
    const parts = [
      t(`inbox.waits.${reason}`, {
        account: account?.name ?? '',
        messages: rate ? format.number(rate.messages) : '',
        seconds: rate ? format.duration(rate.seconds) : '',
        limit: account?.limits.per_day ? format.number(account.limits.per_day) : '',
      }),
      ahead !== null && ahead > 0 && t('inbox.waits.ahead', { count: ahead }),
      leaves !== null && leavesWords(leaves),
    ];
    return parts.filter(Boolean).join(' ');
  };
}
