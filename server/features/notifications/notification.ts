// A notification: its row, how urgent its kinds are, and how it is shown.
import {
  type AlertSeverity,
  contentTypes,
  defaultChannels,
  type Notification,
  type NotificationChannel,
  type NotificationKind,
  type NotificationSettings,
  notificationKinds,
} from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import { type Told, titleOf } from '../alerts/index.ts';

export interface NotificationRow {
  id: string;
  kind: NotificationKind;
  count: number;
  at: Date;
  /** The same time with microseconds, for the cursor. */
  sorted_by: string;
  read_at: Date | null;
  account_id: string | null;
  conversation_id: string | null;
  name: string | null;
  alert: (Told & { id: string; severity: AlertSeverity }) | null;
  campaign: { id: string; name: string } | null;
  by: { kind: 'person' | 'api_key'; id: string; name: string } | null;
  message: { type: string; content: Record<string, unknown> } | null;
}

export interface SettingRow {
  kinds: { [kind in NotificationKind]?: NotificationChannel[] | undefined };
  content: NotificationSettings['content'];
  sound: NotificationSettings['sound'];
  volume: number;
  counts: boolean;
}

/** How people hear of things until they choose otherwise. */
export const defaultSetting: SettingRow = { kinds: {}, content: 'name', sound: 'page', volume: 60, counts: true };

/** The channels of a kind. */
export const channelsOf = ({ kinds }: Pick<SettingRow, 'kinds'>, kind: NotificationKind): NotificationChannel[] =>
  kinds[kind] ?? [...defaultChannels[kind]];

/** The kinds that a person hears of by a channel. */
export const kindsIn = (setting: Pick<SettingRow, 'kinds'>, channel: NotificationChannel): NotificationKind[] =>
  notificationKinds.filter(kind => channelsOf(setting, kind).includes(channel));

/** Settings as the API shows them: each kind with its channels. */
export const presentSettings = (row: SettingRow, sendsMail: boolean): NotificationSettings => ({
  kinds: Object.fromEntries(
    notificationKinds.map(kind => [kind, channelsOf(row, kind)]),
  ) as NotificationSettings['kinds'],
  content: row.content,
  sound: row.sound,
  volume: row.volume,
  counts: row.counts,
  sends_mail: sendsMail,
});

/** The characters of a text that a notification shows. */
const shownLetters = 200;

/** The words of a message that say most about it. */
export function gistOf({ type, content }: NonNullable<NotificationRow['message']>): string | null {
  const paths = Object.entries(contentTypes).find(([name]) => name === type)?.[1].gist ?? [];
  const at = (path: string) =>
    path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], content);
  const words = paths.map(at).find(value => typeof value === 'string');
  return typeof words === 'string' ? words.slice(0, shownLetters) : null;
}

/** The notification as the API shows it to its person. */
export const presentNotification =
  (setting: SettingRow) =>
  (row: NotificationRow): Notification => ({
    id: toId('notification', row.id),
    kind: row.kind,
    count: row.count,
    at: row.at.toISOString(),
    read_at: row.read_at?.toISOString() ?? null,
    account_id: row.account_id && toId('account', row.account_id),
    conversation: row.conversation_id ? { id: toId('conversation', row.conversation_id), name: row.name } : null,
    alert: row.alert && {
      id: toId('alert', row.alert.id),
      title: titleOf(row.alert),
      severity: row.alert.severity,
    },
    campaign: row.campaign && { id: toId('campaign', row.campaign.id), name: row.campaign.name },
    by: row.by && { id: toId(row.by.kind, row.by.id), name: row.by.name },
    text: row.message && gistOf(row.message),
    channels: channelsOf(setting, row.kind),
  });
