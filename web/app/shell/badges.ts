// How many conversations want somebody: in the navigation, in the title of the tab and on its icon.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { firingQuery } from '../../data/alerts.ts';
import { conversationCountsQuery } from '../../data/conversations.ts';
import { useMay } from '../../data/me.ts';
import { notificationSettingsQuery, unreadNotificationsQuery } from '../../data/notifications.ts';
import { useIsTeam } from '../../data/people.ts';
import { setAlarmInTitle, setUnreadInTitle } from '../../kit/title.ts';
import type { Place } from './navigation.ts';

export type Badges = { [name in Place['name']]?: number };

const alarmIcon = new URL('../icon-alarm.svg', import.meta.url).href;
const unreadIcon = new URL('../icon-unread.svg', import.meta.url).href;
const iconLink = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const plainIcon = iconLink?.href ?? '';

/**
 * At the inbox: unread conversations. At the queue: conversations with a message that was not sent. At the alerts: what
 * fires and nobody took. In the title and on the icon: unread conversations of the person, who alone has all of them.
 */
export function useBadges(): Badges {
  const may = useMay('messages.read');
  const counts = useQuery({ ...conversationCountsQuery(undefined), enabled: may }).data;
  const unread = counts?.unread ?? 0;
  const firing = useUntaken();
  const told = useQuery(unreadNotificationsQuery).data?.rows ?? [];
  const isCounted = useQuery(notificationSettingsQuery).data?.counts ?? true;
  const isTeam = useIsTeam();
  const mine = isTeam ? told.filter(({ kind, conversation }) => conversation && kind !== 'queue').length : unread;
  const shown = isCounted ? mine : 0;
  const { t } = useTranslation();
  const alarm = firing > 0 ? t('nav.alarm') : undefined;
  useEffect(() => {
    const show = (count: number, word: string | undefined) => {
      setUnreadInTitle(count);
      setAlarmInTitle(word);
      if (iconLink) iconLink.href = word !== undefined ? alarmIcon : count > 0 ? unreadIcon : plainIcon;
    };
    show(shown, alarm);
    return () => show(0, undefined);
  }, [shown, alarm]);
  return { inbox: unread, queue: counts?.not_sent ?? 0, alerts: firing, notifications: told.length };
}

/** How many alerts fire that nobody took or muted. Events tell of them, so nothing polls here. */
function useUntaken(): number {
  const may = useMay('alerts.read');
  const firing = useQuery({ ...firingQuery, refetchInterval: false, enabled: may }).data?.rows ?? [];
  const now = Date.now();
  const isOpen = ({ taken_at, muted_until }: (typeof firing)[number]) =>
    taken_at === null && (muted_until === null || Date.parse(muted_until) <= now);
  return firing.filter(isOpen).length;
}
