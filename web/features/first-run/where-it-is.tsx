// The way of the first message, with the moment of each station.

import type { MessageDetails } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Moment, type Stage, StripOne } from '../../components/strip.tsx';
import { Tick } from '../../components/tick.tsx';
import { messageQuery } from '../../data/messages.ts';

const freshMs = 500;
const ends = new Set(['read', 'played', 'failed', 'cancelled', 'expired']);

const events = {
  sending: 'message.sending',
  sent: 'message.sent',
  delivered: 'message.delivered',
  read: 'message.read',
} as const;

export function WhereItIs({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const { data: message } = useQuery({
    ...messageQuery(id),
    refetchInterval: ({ state }) => (state.data && ends.has(state.data.status) ? false : freshMs),
  });
  if (!message) return null;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' });
  const tenths = new Intl.NumberFormat(i18n.language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });
  const seconds = new Intl.NumberFormat(i18n.language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    signDisplay: 'always',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const begin = Date.parse(message.created_at);
  const momentOf = (stage: Exclude<Stage, 'waiting'>): Moment => {
    const at = reachedAt(message, stage);
    if (at === undefined)
      return { stage, text: t('firstRun.where.notYet'), sub: t(`firstRun.where.${stage}`), rest: true };
    return { stage, text: seconds.format((at - begin) / 1_000), sub: t(`firstRun.where.${stage}`) };
  };
  const readAt = reachedAt(message, 'read');
  const moments: Moment[] = [
    { stage: 'waiting', text: time.format(begin), sub: t('firstRun.where.stored') },
    momentOf('sending'),
    momentOf('sent'),
    momentOf('delivered'),
    momentOf('read'),
  ];
  return (
    <section className="grid gap-3" aria-live="polite">
      <h2>{t('firstRun.where.title')}</h2>
      <StripOne moments={moments} label={t('firstRun.where.title')} />
      {readAt !== undefined && (
        <p className="text-13 text-muted">
          {t('firstRun.where.readAfter', { time: tenths.format((readAt - begin) / 1_000) })}
        </p>
      )}
      {message.error && (
        <p className="flex items-center gap-2 text-danger">
          <Tick status="failed" />
          {message.error.title} ({message.error.code})
        </p>
      )}
    </section>
  );
}

const later = ['sending', 'sent', 'delivered', 'read'] as const;

/** When it got to a station. A receipt may come before those of the stations before it, and stands for them. */
function reachedAt({ events: all }: MessageDetails, stage: keyof typeof events): number | undefined {
  for (const station of later.slice(later.indexOf(stage))) {
    const event = all.find(({ type }) => type === events[station]);
    if (event) return Date.parse(event.at);
  }
  return undefined;
}
