// The 24-hour window in a few words.
import type { Conversation } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';

/** Whether it is open, and until or since when. */
export function useWindowWords(): (window: Conversation['window']) => string {
  const { t } = useTranslation();
  const { clock, day } = useFormat();
  return ({ open, until }) => {
    if (until === null) return t(open ? 'inbox.window.open' : 'inbox.window.never');
    const time = clock(until);
    if (isSameDay(until, 0)) return t(open ? 'inbox.window.openUntil' : 'inbox.window.closedSince', { time });
    if (open) return t('inbox.window.openUntilTomorrow', { time });
    if (isSameDay(until, -1)) return t('inbox.window.closedYesterday', { time });
    return t('inbox.window.closedOn', { day: day(until) });
  };
}

const isSameDay = (time: string, days: number) => {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return new Date(time).toDateString() === day.toDateString();
};
