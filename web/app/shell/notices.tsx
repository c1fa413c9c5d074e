// Tells of what is new while nobody looks: by a sound, and by the browser if the person allows it. What is before somebody's
// eyes becomes read.
import type { Notification as Told } from '@recado/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { LinkButton } from '../../components/button.tsx';
import {
  notificationSettingsQuery,
  pushSubscriptionsQuery,
  readNotifications,
  unreadNotificationsQuery,
} from '../../data/notifications.ts';
import { useMyAvailability } from '../../data/teams.ts';
import { isAnybodyLooking, isLookout, useIsLooking } from '../../kit/lookout.ts';
import {
  askForNotifications,
  noticeSetting,
  notificationPermission,
  setNoticeSetting,
  useNoticeSetting,
} from '../../kit/notice-settings.ts';
import { closeShown, isSubscribed, onOpen, renewSubscription, subscribe } from '../../kit/push.ts';
import { playNotice } from '../../kit/sound.ts';
import { useAction } from '../../kit/use-action.ts';
import { useToldWords } from '../../words/told.ts';

/** Events of the time while this browser was not connected are no news. */
const oldMs = 300_000;

/** Tells people who are not offline. Offers notifications once something came that nobody saw. */
export function Notices() {
  const { t } = useTranslation();
  const [wasMissed, setMissed] = useState(false);
  const chosen = useNoticeSetting('notifications');
  const unread = useQuery(unreadNotificationsQuery).data?.rows;
  const settings = useQuery(notificationSettingsQuery).data;
  const isOffline = useMyAvailability()?.status === 'offline';
  const show = useShow(unread);
  const turnOn = useAction({
    act: async () => {
      if ((await askForNotifications()) === 'granted') await subscribe();
    },
  });
  useReadOnScreen(unread);
  useWorker(unread);

  async function tell(news: readonly Told[]): Promise<void> {
    if (isOffline || !isLookout() || (await isAnybodyLooking())) return;
    // A browser that allows no sound yet is no failure.
    if (settings && noticeSetting('sound') !== false && news.some(({ channels }) => channels.includes('sound')))
      playNotice(settings).catch(() => undefined);
    const shown = news.filter(({ channels }) => channels.includes('browser'));
    const permission = notificationPermission();
    if (permission === 'default') setMissed(missed => missed || shown.length > 0);
    // The service worker shows it.
    else if (permission === 'granted' && noticeSetting('notifications') !== false && !(await isSubscribed()))
      for (const told of shown) show(told, settings?.content ?? 'nothing');
  }
  useNews(unread, news => void tell(news));

  if (!wasMissed || chosen !== undefined) return null;
  return (
    <Banner tone="info" flat title={t('notices.offer')}>
      {t('notices.offerWords')} <LinkButton onClick={() => turnOn.mutate()}>{t('notices.turnOn')}</LinkButton>
      {' · '}
      <LinkButton onClick={() => setNoticeSetting('notifications', false)}>{t('notices.notNow')}</LinkButton>
    </Banner>
  );
}

/** Calls with what happened since the last look. */
function useNews(unread: readonly Told[] | undefined, take: (news: readonly Told[]) => void): void {
  const seen = useRef<ReadonlyMap<string, string>>(undefined);
  const taken = useRef(take);
  taken.current = take;
  useEffect(() => {
    if (!unread) return;
    const before = seen.current;
    seen.current = new Map(unread.map(({ id, at }) => [id, at]));
    const isNews = ({ id, at }: Told) => before?.get(id) !== at && Date.now() - Date.parse(at) < oldMs;
    const news = before ? unread.filter(isNews) : [];
    if (news.length > 0) taken.current(news);
  }, [unread]);
}

/** Keeps what the service worker does in step with this page. */
function useWorker(unread: readonly Told[] | undefined): void {
  const navigate = useNavigate();
  useEffect(() => onOpen(path => void navigate({ to: path })), [navigate]);
  const client = useQueryClient();
  useEffect(() => {
    const renew = async () => {
      await renewSubscription();
      const { queryKey } = pushSubscriptionsQuery;
      // The list may be on its way as it was before.
      await client.cancelQueries({ queryKey });
      await client.invalidateQueries({ queryKey });
    };
    renew().catch(reportError);
  }, [client]);
  useEffect(() => {
    if (unread) void closeShown(new Set(unread.map(({ id }) => id)));
  }, [unread]);
}

/** News about the conversation that somebody has before their eyes become read. */
function useReadOnScreen(unread: readonly Told[] | undefined): void {
  const isLooking = useIsLooking();
  const { mutate } = useAction({ ...readNotifications, quiet: true });
  const open = useRouterState({ select: ({ location }) => /^\/inbox\/(cnv_\w+)/.exec(location.pathname)?.[1] });
  const isNew = open !== undefined && unread?.some(({ conversation }) => conversation?.id === open);
  useEffect(() => {
    if (isLooking && isNew && open !== undefined) mutate({ conversation_id: open });
  }, [isLooking, isNew, open, mutate]);
}

/**
 * Shows something as a notification of the browser; a click on it opens what it is about. The next one about it takes its
 * place, and once it is read it goes.
 */
function useShow(unread: readonly Told[] | undefined) {
  const navigate = useNavigate();
  const words = useToldWords();
  const shown = useRef(new Map<string, Notification>());
  useEffect(() => {
    if (!unread) return;
    const left = new Set(unread.map(({ id }) => id));
    for (const [id, notification] of shown.current) {
      if (left.has(id)) continue;
      notification.close();
      shown.current.delete(id);
    }
  }, [unread]);
  return (told: Told, content: 'text' | 'name' | 'nothing') => {
    const { title, body } = words.outside(told, content);
    const notification = new Notification(title, { body, tag: told.id });
    shown.current.set(told.id, notification);
    notification.onclick = () => {
      window.focus();
      notification.close();
      if (told.conversation)
        void navigate({ to: '/inbox/$conversationId', params: { conversationId: told.conversation.id }, search: {} });
      else if (told.campaign)
        void navigate({ to: '/campaigns/$campaignId/approval', params: { campaignId: told.campaign.id } });
      else void navigate({ to: told.kind === 'approval_rule' ? '/campaigns' : '/alerts' });
    };
  };
}
