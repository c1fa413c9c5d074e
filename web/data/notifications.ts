// What the person was told of, and how they hear of things.
import type { RecadoEvent, UpdateMyNotificationSettingsBody } from '@recado/client';
import type { newsTypes } from '@recado/contract';
import { infiniteQueryOptions, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery, readWhole } from './list.ts';

const keys = {
  all: ['notifications'] as const,
  list: ['notifications', 'list'] as const,
  unread: ['notifications', 'unread'] as const,
  settings: ['notification settings'] as const,
  devices: ['push subscriptions'] as const,
};

/** Events that make or end news. By type only: the contract itself would be a third of the first load. */
const told: Record<(typeof newsTypes)[number] | 'notification.read', true> = {
  'note.created': true,
  'note.updated': true,
  'message.received': true,
  'message.failed': true,
  'message.unknown': true,
  'conversation.assigned': true,
  'conversation.reopened': true,
  'conversation.closed': true,
  'conversation.read': true,
  'alert.firing': true,
  'alert.cleared': true,
  'alert.taken': true,
  'campaign.approval_asked': true,
  'campaign.held': true,
  'campaign.approved': true,
  'campaign.refused': true,
  'campaign.updated': true,
  'campaign.preparing': true,
  'campaign.running': true,
  'campaign.scheduled': true,
  'campaign.paused': true,
  'campaign.cancelled': true,
  'campaign_rules.updated': true,
  'notification.read': true,
};
/** An event of which nothing came may have been lost. */
const pollMs = 30_000;
/** The server makes the news of an event a moment after it, later when it is busy. */
const soonMs = 2_000;
let soonUntil = 0;

export function staleNotifications({ type }: RecadoEvent): QueryKey[] {
  if (!Object.hasOwn(told, type)) return [];
  soonUntil = Date.now() + 5 * soonMs;
  return [keys.all];
}

const untilNextRead = () => (Date.now() < soonUntil ? soonMs : pollMs);

export const unreadNotificationsQuery = queryOptions({
  queryKey: keys.unread,
  queryFn: ({ signal }) => readWhole(recado.me.listNotifications({ unread: true, limit: 100 }, { signal })),
  refetchInterval: untilNextRead,
});

export const notificationsQuery = infiniteQueryOptions({
  ...listQuery(keys.list, (query, options) => recado.me.listNotifications(query, options)),
  refetchInterval: untilNextRead,
});

export const notificationSettingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: ({ signal }) => recado.me.getNotificationSettings({ signal }),
});

/** Marks what is about one thing as read, or all. */
export const readNotifications = change(
  (which: { conversation_id?: string; notification_id?: string }) => recado.me.readNotifications(which),
  () => [keys.all],
);

export const pushSubscriptionsQuery = listQuery(keys.devices, (query, options) =>
  recado.me.listPushSubscriptions(query, options),
);

export const deletePushSubscription = change(
  (id: string) => recado.me.deletePushSubscription(id),
  () => [keys.devices],
);

export const updateNotificationSettings = change(
  (body: UpdateMyNotificationSettingsBody) => recado.me.updateNotificationSettings(body),
  () => [keys.settings, keys.all],
);
