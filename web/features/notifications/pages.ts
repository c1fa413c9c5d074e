// The pages of this feature, and what else the frame of the app needs of it.
import { Bell } from 'lucide-react';
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const notificationListPage = page({
  path: '/notifications',
  permission: 'me.read',
  entry: { name: 'notifications', icon: Bell, hotkey: 'goNotifications' },
  component: lazyPart(() => withTexts('notifications', import('./list-page.tsx')), 'NotificationListPage'),
});

export const yourNotificationsPage = page({
  path: '/settings/your-notifications',
  tab: 'yourNotifications',
  component: lazyPart(() => withTexts('notifications', import('./settings-page.tsx')), 'YourNotificationsPage'),
});
