// The views of the inbox: those that everybody has, and which one the address shows.
import type { ConversationCounts, SavedView } from '@recado/client';
import {
  AlarmClock,
  Archive,
  CircleAlert,
  CircleDashed,
  Clock,
  Hourglass,
  Inbox,
  type LucideIcon,
  Mail,
  MessageSquare,
  MessagesSquare,
  Timer,
} from 'lucide-react';
import { type InboxFilter, type InboxSearch, searchOf } from '../search.ts';

export type ViewName =
  | 'all'
  | 'open'
  | 'mine'
  | 'unassigned'
  | 'unread'
  | 'unanswered'
  | 'closing'
  | 'not_sent'
  | 'waiting'
  | 'snoozed'
  | 'closed';

export interface View {
  name: ViewName;
  icon: LucideIcon;
  filter: InboxFilter;
  /** Only where several people work. */
  isOfTeam?: true;
}

const closingMinutes = 120;

/** What everybody has, in the order of the menu. */
export const views: readonly View[] = [
  { name: 'all', icon: MessagesSquare, filter: {} },
  { name: 'mine', icon: Inbox, filter: { state: 'open', assignee: 'me' }, isOfTeam: true },
  { name: 'unassigned', icon: CircleDashed, filter: { state: 'open', assignee: 'nobody' }, isOfTeam: true },
  { name: 'open', icon: MessageSquare, filter: { state: 'open' } },
  { name: 'unread', icon: Mail, filter: { unread: true } },
  { name: 'unanswered', icon: Hourglass, filter: { unanswered: 0, order: 'longest_waiting' } },
  {
    name: 'closing',
    icon: Timer,
    filter: { unanswered: 0, closes: closingMinutes, order: 'window_closing' },
  },
  { name: 'not_sent', icon: CircleAlert, filter: { not_sent: true } },
  { name: 'waiting', icon: Clock, filter: { waiting: true } },
  { name: 'snoozed', icon: AlarmClock, filter: { state: 'snoozed' } },
  { name: 'closed', icon: Archive, filter: { state: 'closed' } },
];

const named = (names: readonly ViewName[]): View[] =>
  names.flatMap(name => views.find(view => view.name === name) ?? []);

/** Below the search of a team, in two columns. */
export const teamViews = named(['mine', 'unassigned', 'open', 'unread', 'unanswered', 'closing']);
/** The chips of who works alone. */
export const chipViews = named(['open', 'unread', 'waiting', 'not_sent', 'snoozed', 'closed']);

/** Without a view. The account and the words that are searched stay. */
export const noView: Required<{ [key in keyof Omit<InboxFilter, 'account' | 'q'>]: undefined }> = {
  state: undefined,
  assignee: undefined,
  team: undefined,
  label: undefined,
  unread: undefined,
  read: undefined,
  waiting: undefined,
  not_sent: undefined,
  unanswered: undefined,
  closes: undefined,
  order: undefined,
};

type FilterKey = keyof InboxFilter;
const viewKeys = Object.keys(noView) as FilterKey[];
const hasSame = (keys: readonly FilterKey[], one: InboxFilter, other: InboxFilter) =>
  keys.every(key => one[key] === other[key]);

/** Whether the address shows a view of everybody, in any order. */
export const isView = ({ filter }: Pick<View, 'filter'>, search: InboxSearch): boolean =>
  hasSame(
    viewKeys.filter(key => key !== 'order'),
    filter,
    search,
  );

/** Whether the address shows a saved view as it was saved. */
export const isSavedView = (view: SavedView, search: InboxSearch): boolean =>
  hasSame([...viewKeys, 'account', 'q'], searchOf(view), search);

const mostShown = 99;

/** A count as a view shows it; undefined where there is nothing. */
export const shownCount = (count: number | undefined, number: (count: number) => string): string | undefined =>
  !count ? undefined : count > mostShown ? `${number(mostShown)}+` : number(count);

/** The count of a view. Closed ones want nobody. */
export const countOf = (counts: ConversationCounts | undefined, name: ViewName): number | undefined =>
  name === 'closed' ? undefined : counts?.[name];
