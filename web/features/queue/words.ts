// The queue in words: why a message waits or failed, until when, and what it says.
import type { Account, Message, QueueReasons } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../kit/format.ts';

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

/** What a code means in few words: ours where we have them, else those of the channel. */
export function useErrorName(): (code: string, title: string) => string {
  const { t, i18n } = useTranslation();
  return (code, title) => {
    const key = `queue.error.${code}`;
    // biome-ignore lint/suspicious/noExplicitAny: codes come from the channel, and only some have words here
    return i18n.exists(key) ? t(key as any) : title || code;
  };
}

const nothing = () => undefined;
/** The summary of a message of each type, beside its type. */
const said: Record<AnyMessageType, (message: Message) => string | null | undefined> = {
  text: ({ text }) => text?.body,
  image: ({ image }) => image?.caption,
  video: ({ video }) => video?.caption,
  audio: nothing,
  document: ({ document }) => document?.caption ?? document?.filename,
  sticker: nothing,
  location: ({ location }) => location?.name,
  contacts: nothing,
  reaction: ({ reaction }) => reaction?.emoji,
  interactive: nothing,
  template: ({ template }) => template?.name,
  button: nothing,
  order: nothing,
  call: nothing,
  system: nothing,
  unsupported: nothing,
};

/** A message in one line. */
export function useGist(): (message: Message) => string {
  const { t } = useTranslation();
  return message => {
    const kind = t(`contentType.queue.${message.type}`);
    const words = said[message.type](message);
    if (message.type === 'text') return words ?? kind;
    return words ? `${kind}: ${words}` : kind;
  };
}
