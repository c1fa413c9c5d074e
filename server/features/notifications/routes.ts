// Notifications over HTTP: what a person was told, and how they want to hear of things. Always that of the caller.
import {
  listNotificationsQuery,
  notificationPage,
  notificationSettingsSchema,
  problemSchema,
  readNotificationsBody,
  readNotificationsSchema,
  updateNotificationSettingsBody,
} from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { kindsIn, presentNotification, presentSettings } from './notification.ts';
import * as store from './store.ts';

const tags = ['Me'];

export interface NotificationNeeds {
  db: ScopedDatabase;
  clock: Clock;
  /** Whether a mail server is set. */
  sendsMail: boolean;
}

/** The routes of what the caller was told, and of their settings. */
export function notificationRoutes(app: Server, { db, clock, sendsMail }: NotificationNeeds): void {
  app.get(
    '/api/v1/me/notifications',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'listMyNotifications',
        summary: 'List what you were told of, newest first',
        description:
          'At most one about each conversation and alert. They are kept for 30 days. Kinds without the channel app are left out.',
        querystring: listNotificationsQuery,
        response: { 200: notificationPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const mine = db.listsWithin(caller);
      const setting = await store.findSetting(mine, caller.workspaceId, caller.id);
      const filter = { kinds: kindsIn(setting, 'app'), unread: request.query.unread };
      const { rows, total } = await store.listNotifications(mine, caller.workspaceId, caller.id, filter, page);
      return toPage(rows, page, total, presentNotification(setting), row => [row.sorted_by, row.id]);
    },
  );

  app.post(
    '/api/v1/me/notifications/read',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'readMyNotifications',
        summary: 'Mark what you were told of as read',
        description: 'All, or what is about one conversation. Your other devices show it no longer.',
        body: readNotificationsBody,
        response: { 200: readNotificationsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { conversation_id, notification_id } = request.body;
      const which = {
        conversationId: conversation_id && toUuid(conversation_id),
        id: notification_id && toUuid(notification_id),
      };
      const now = new Date(clock.now());
      return db.within(caller).transaction(async tx => {
        const accounts = await store.readNotifications(tx, caller.workspaceId, caller.id, which, now);
        await store.tellRead(tx, caller.workspaceId, caller.id, accounts, now);
        return { read: accounts.length };
      });
    },
  );

  app.get(
    '/api/v1/me/notification-settings',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'getMyNotificationSettings',
        summary: 'Show how you hear of things in this workspace',
        response: { 200: notificationSettingsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return presentSettings(await store.findSetting(db.within(caller), caller.workspaceId, caller.id), sendsMail);
    },
  );

  app.patch(
    '/api/v1/me/notification-settings',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'updateMyNotificationSettings',
        summary: 'Change how you hear of things in this workspace',
        body: updateNotificationSettingsBody,
        response: { 200: notificationSettingsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { kinds, content, sound, volume, counts } = request.body;
      return db.within(caller).transaction(async tx => {
        const before = await store.findSetting(tx, caller.workspaceId, caller.id);
        const after = {
          kinds: kinds === null ? {} : { ...before.kinds, ...kinds },
          content: content ?? before.content,
          sound: sound ?? before.sound,
          volume: volume ?? before.volume,
          counts: counts ?? before.counts,
        };
        await store.keepSetting(tx, caller.workspaceId, caller.id, after);
        return presentSettings(after, sendsMail);
      });
    },
  );
}
