// The pages of this feature, and what else the frame of the app needs of it.
import { BellRing } from 'lucide-react';
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const alertsPage = page({
  path: '/alerts',
  permission: 'alerts.read',
  entry: { name: 'alerts', icon: BellRing, hotkey: 'goAlerts' },
  component: lazyPart(() => withTexts('alerts', import('./list/page.tsx')), 'AlertsPage'),
});

export const alertRulePage = page({
  path: '/alerts/rules/$ruleId',
  permission: 'alerts.read',
  component: lazyPart(() => withTexts('alerts', import('./rule/page.tsx')), 'AlertRulePage'),
});

export const notificationsPage = page({
  path: '/settings/notifications',
  permission: 'alerts.manage',
  tab: 'notifications',
  component: lazyPart(() => withTexts('alerts', import('./notifications/page.tsx')), 'NotificationsPage'),
});
