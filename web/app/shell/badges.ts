// How many conversations want somebody: in the navigation, in the title of the tab and on its icon.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { conversationCountsQuery } from '../../data/conversations.ts';
import { useMay } from '../../data/me.ts';
import { setUnreadInTitle } from '../../kit/title.ts';
import type { Place } from './navigation.ts';

export type Badges = { [name in Place['name']]?: number };

const unreadIcon = new URL('../icon-unread.svg', import.meta.url).href;
const iconLink = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const plainIcon = iconLink?.href ?? '';

/** At the inbox: unread conversations. At the queue: conversations with a message that was not sent. */
export function useBadges(): Badges {
  const may = useMay('messages.read');
  const counts = useQuery({ ...conversationCountsQuery(undefined), enabled: may }).data;
  const unread = counts?.unread ?? 0;
  useEffect(() => {
    const show = (count: number) => {
      setUnreadInTitle(count);
      if (iconLink) iconLink.href = count > 0 ? unreadIcon : plainIcon;
    };
    show(unread);
    return () => show(0);
  }, [unread]);
  return { inbox: unread, queue: counts?.not_sent ?? 0 };
}
