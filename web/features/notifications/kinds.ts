// The icons of the kinds of notifications.
import type { NotificationKind } from '@recado/contract';
import {
  AlarmClock,
  AtSign,
  Bookmark,
  Bot,
  CircleAlert,
  Inbox,
  type LucideIcon,
  Megaphone,
  MessageSquare,
  Settings2,
  TriangleAlert,
  UserCheck,
} from 'lucide-react';

export const kindIcons: Readonly<Record<NotificationKind, LucideIcon>> = {
  mention: AtSign,
  handed_over: Bot,
  assigned: UserCheck,
  not_sent: CircleAlert,
  snooze_over: AlarmClock,
  message: MessageSquare,
  followed: Bookmark,
  queue: Inbox,
  alert: TriangleAlert,
  approval: Megaphone,
  approval_rule: Settings2,
};
