// The mark of a type of events: the tick of a message's status, else what kind of thing it is about.
import type { RecadoEvent } from '@recado/client';
import type { Status } from '@recado/contract';
import {
  Ban,
  Bell,
  Coins,
  FileText,
  FileUp,
  LayoutTemplate,
  ListFilter,
  type LucideIcon,
  MailX,
  Megaphone,
  MessageSquare,
  MessageSquareQuote,
  MonitorSmartphone,
  Send,
  Smartphone,
  Tag,
  UserRound,
  Users,
  Webhook,
} from 'lucide-react';
import { Tick } from '../../../components/tick.tsx';

const statuses: Partial<Record<RecadoEvent['type'], Status>> = {
  'message.scheduled': 'scheduled',
  'message.queued': 'queued',
  'message.sending': 'sending',
  'message.sent': 'sent',
  'message.delivered': 'delivered',
  'message.read': 'read',
  'message.played': 'played',
  'message.failed': 'failed',
  'message.unknown': 'unknown',
  'message.cancelled': 'cancelled',
  'message.expired': 'expired',
  'message.received': 'received',
};

const icons: Partial<Record<string, LucideIcon>> = {
  message: MessageSquare,
  conversation: MessageSquare,
  media: FileText,
  contact: UserRound,
  contact_field: UserRound,
  label: Tag,
  segment: Users,
  import: FileUp,
  account: Smartphone,
  campaign: Megaphone,
  template: LayoutTemplate,
  opt_out: Ban,
  alert: Bell,
  rate_card: Coins,
  spend_cap: Coins,
  endpoint: Send,
  delivery: Send,
  dead_letter: MailX,
  saved_reply: MessageSquareQuote,
  saved_view: ListFilter,
  wall_view: MonitorSmartphone,
  hook: Webhook,
};

export function Mark({ type }: Pick<RecadoEvent, 'type'>) {
  const status = statuses[type];
  if (status)
    return (
      <span className="status flex-none" data-s={status}>
        <Tick status={status} />
      </span>
    );
  const Icon = icons[type.split('.')[0] ?? ''];
  return Icon ? (
    <Icon size={16} strokeWidth={1.75} className="flex-none text-faint" aria-hidden="true" />
  ) : (
    <span className="size-4 flex-none" aria-hidden="true" />
  );
}
