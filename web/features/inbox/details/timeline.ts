// The timeline of a message: what happened, and how long after the moment before it.
import type { MessageDetails } from '@recado/client';
import type { MessageStatus } from '../../../components/tick.tsx';

type Event = MessageDetails['events'][number];

export interface Moment {
  number: number;
  type: Event['type'];
  at: string;
  tick: MessageStatus;
  tone?: 'danger' | 'warning';
  /** Milliseconds since the moment before it. */
  since: number | undefined;
  /** The error of the call that it is about. */
  error?: { code: string; title: string };
  attempt?: number;
  data: Record<string, unknown>;
}

const ticks: Partial<Record<Event['type'], MessageStatus>> = {
  'message.scheduled': 'scheduled',
  'message.sending': 'sending',
  'message.sent': 'sent',
  'message.delivered': 'delivered',
  'message.read': 'read',
  'message.played': 'played',
  'message.failed': 'failed',
  'message.unknown': 'unknown',
  'message.resolved': 'sent',
  'message.cancelled': 'cancelled',
  'message.expired': 'expired',
  'message.received': 'received',
  'message.imported': 'received',
  'message.standby': 'received',
};

const tones: Partial<Record<Event['type'], Moment['tone']>> = {
  'message.failed': 'danger',
  'message.unknown': 'warning',
  'message.retry_scheduled': 'warning',
  'message.undelivered': 'warning',
  'message.stuck': 'warning',
  'media.failed': 'danger',
};

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The moments from the first to the last. */
export function momentsOf({ events }: MessageDetails): Moment[] {
  let before: number | undefined;
  return events.map(({ number, type, at, data }) => {
    const time = Date.parse(at);
    const code = text(data.code);
    const moment: Moment = {
      number,
      type,
      at,
      tick: ticks[type] ?? 'queued',
      since: before === undefined ? undefined : time - before,
      data,
      ...(tones[type] && { tone: tones[type] }),
      ...(code !== undefined && { error: { code, title: text(data.title) ?? '' } }),
      ...(typeof data.attempt === 'number' && { attempt: data.attempt }),
    };
    before = time;
    return moment;
  });
}

const stations = ['waiting', 'sending', 'sent', 'delivered', 'read'] as const;
export type Station = (typeof stations)[number];

export interface Way {
  station: Station;
  /** How long it was there; undefined where it is now. */
  ms: number | undefined;
}

const reachedBy = ({ events }: MessageDetails, type: Event['type']) => {
  const event = events.find(each => each.type === type);
  return event && Date.parse(event.at);
};

/** The stations that the message has reached, with how long it stayed at each. */
export function wayOf(message: MessageDetails): Way[] {
  const times: [Station, number | undefined][] = [
    ['waiting', Date.parse(message.created_at)],
    ['sending', reachedBy(message, 'message.sending')],
    ['sent', reachedBy(message, 'message.sent')],
    ['delivered', reachedBy(message, 'message.delivered')],
    ['read', reachedBy(message, 'message.read') ?? reachedBy(message, 'message.played')],
  ];
  const reached = times.filter((each): each is [Station, number] => each[1] !== undefined);
  return reached.map(([station, at], index) => {
    const next = reached[index + 1]?.[1];
    return { station, ms: next === undefined ? undefined : Math.max(0, next - at) };
  });
}

/** From acceptance to the last receipt, in milliseconds. */
export const tookMs = (way: Way[]): number => way.reduce((sum, { ms }) => sum + (ms ?? 0), 0);

/** A width that grows with the logarithm of a time. */
export const widthOf = (ms: number | undefined): number => (ms === undefined ? 3 : 2 + Math.log10(1 + ms));
