// Tells of messages that come while nobody looks: by a soft sound, and by the browser if the person allows it.
import type { Message } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { LinkButton } from '../../components/button.tsx';
import { conversationQuery } from '../../data/conversations.ts';
import { useEvents } from '../../kit/live.ts';
import { isAnybodyLooking, isLookout } from '../../kit/lookout.ts';
import {
  askForNotifications,
  noticeSetting,
  notificationPermission,
  setNoticeSetting,
  useNoticeSetting,
} from '../../kit/notice-settings.ts';
import { playNotice } from '../../kit/sound.ts';
import { useGist } from '../../words/gist.ts';

/** A message that came while this browser was not connected is no news. */
const oldMs = 300_000;
const silent: ReadonlySet<Message['type']> = new Set(['reaction', 'system', 'unsupported']);

/** Offers notifications once a message came that nobody saw. */
export function Notices() {
  const { t } = useTranslation();
  const [wasMissed, setMissed] = useState(false);
  const chosen = useNoticeSetting('notifications');
  const show = useNotification();
  const showAlert = useAlertNotification();

  /** Of alerts the critical ones: the others can wait until somebody looks at the badge. */
  async function tellAlert(alert: { id: string; subject: string }): Promise<void> {
    if (noticeSetting('notifications') === false || notificationPermission() !== 'granted') return;
    if (!(await isAnybodyLooking())) showAlert(alert);
  }

  async function tell(message: Message): Promise<void> {
    if (await isAnybodyLooking()) return;
    // A browser that allows no sound yet is no failure.
    if (noticeSetting('sound') !== false) playNotice().catch(() => undefined);
    const permission = notificationPermission();
    if (permission === 'default') setMissed(true);
    else if (permission === 'granted' && noticeSetting('notifications') !== false) await show(message);
  }
  useEvents(({ type, timestamp, data }) => {
    const isNews = isLookout() && Date.now() - Date.parse(timestamp) < oldMs;
    if (type === 'alert.firing' && isNews && 'severity' in data && data.severity === 'critical')
      void tellAlert({ id: data.alert_id, subject: data.subject });
    if (type !== 'message.received' || !('message' in data) || silent.has(data.message.type)) return;
    if (isNews) void tell(data.message);
  });

  if (!wasMissed || chosen !== undefined) return null;
  return (
    <Banner tone="info" flat title={t('notices.offer')}>
      {t('notices.offerWords')}{' '}
      <LinkButton onClick={() => void askForNotifications()}>{t('notices.turnOn')}</LinkButton>
      {' · '}
      <LinkButton onClick={() => setNoticeSetting('notifications', false)}>{t('notices.notNow')}</LinkButton>
    </Banner>
  );
}

/** Shows a message as a notification of the browser; a click on it opens the conversation. */
function useNotification(): (message: Message) => Promise<void> {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const gist = useGist();
  return async message => {
    const { conversation_id: id } = message;
    const nameOf = ({
      name,
      phone,
      username,
    }: {
      name: string | null;
      phone: string | null;
      username: string | null;
    }) => name || phone || username;
    const name = await client.fetchQuery({ ...conversationQuery(id), staleTime: 60_000 }).then(
      ({ contact }) => nameOf(contact),
      // The message is news without the name too.
      () => message.from,
    );
    // Another message of the same conversation takes its place.
    const notification = new Notification(name ?? t('notices.somebody'), {
      body: gist(message).slice(0, 200),
      tag: id,
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
      void navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search: {} });
    };
  };
}

/** Shows an alert as a notification of the browser; a click on it opens the alerts. */
function useAlertNotification(): (alert: { id: string; subject: string }) => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return ({ id, subject }) => {
    const notification = new Notification(t('notices.alert', { subject }), { body: t('notices.alertWords'), tag: id });
    notification.onclick = () => {
      window.focus();
      notification.close();
      void navigate({ to: '/alerts' });
    };
  };
}
