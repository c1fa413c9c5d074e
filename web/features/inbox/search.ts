// The filters of the inbox and what is open in it, as they are in the address.
import type { Conversation, SavedView } from '@recado/client';
import type { ListFilter } from '../../data/conversations-cache.ts';

/** What is beside the thread. `none`: closed by hand. */
export type SideTab = 'phone' | 'details' | 'files' | 'none';

/** The order of the list, where it is not the newest first. */
export type OtherSort = 'longest_waiting' | 'window_closing';

/** Which conversations the list shows, in which order. */
export interface InboxFilter {
  account?: string | undefined;
  state?: Conversation['state'] | undefined;
  /** me, nobody, or the id of a person or an API key. */
  assignee?: string | undefined;
  team?: string | undefined;
  label?: string | undefined;
  unread?: true | undefined;
  /** Without unread messages. */
  read?: true | undefined;
  waiting?: true | undefined;
  not_sent?: true | undefined;
  /** The minutes that the person has waited for an answer. */
  unanswered?: number | undefined;
  /** Within so many minutes the window closes. */
  closes?: number | undefined;
  q?: string | undefined;
  order?: OtherSort | undefined;
}

export interface InboxSearch extends InboxFilter {
  side?: SideTab | undefined;
  /** The message that is shown in the side pane, and to which the thread goes. */
  message?: string | undefined;
  /** The note to which the thread goes. */
  note?: string | undefined;
  /** What is searched for in the open conversation; empty once the search is opened. */
  find?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
const flag = (given: unknown) => (given === true || given === 'true' ? true : undefined);
const minutes = (given: unknown, least: number, most: number) => {
  const number = typeof given === 'string' ? Number(given) : given;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined;
};
const states: readonly unknown[] = ['open', 'snoozed', 'closed'] satisfies Conversation['state'][];
const sides: readonly unknown[] = ['phone', 'details', 'files', 'none'] satisfies SideTab[];
const sorts: readonly unknown[] = ['longest_waiting', 'window_closing'] satisfies OtherSort[];
const idOf = (kinds: string, given: unknown) => {
  const id = text(given);
  return id !== undefined && new RegExp(`^(${kinds})_[0-9a-z]{26}$`).test(id) ? id : undefined;
};
const [yearMinutes, dayMinutes] = [525_600, 1_440];

/** Keeps valid filters. Others would stay in the address. */
export const inboxSearch = (given: Record<string, unknown>): InboxSearch => ({
  account: text(given.account),
  state: states.includes(given.state) ? (given.state as Conversation['state']) : undefined,
  assignee: given.assignee === 'me' || given.assignee === 'nobody' ? given.assignee : idOf('per|key', given.assignee),
  label: idOf('lbl', given.label),
  team: idOf('tea', given.team),
  unread: flag(given.unread),
  read: flag(given.read),
  waiting: flag(given.waiting),
  not_sent: flag(given.not_sent),
  unanswered: minutes(given.unanswered, 0, yearMinutes),
  closes: minutes(given.closes, 1, dayMinutes),
  q: text(given.q),
  order: sorts.includes(given.order) ? (given.order as OtherSort) : undefined,
  side: sides.includes(given.side) ? (given.side as SideTab) : undefined,
  message: text(given.message),
  note: idOf('nte', given.note),
  find: typeof given.find === 'string' ? given.find : undefined,
});

/** The filter as the API takes it. */
export const filterOf = (search: InboxFilter): ListFilter => ({
  ...(search.account !== undefined && { account_id: search.account }),
  ...(search.state !== undefined && { state: search.state }),
  ...(search.assignee !== undefined && { assignee: search.assignee }),
  ...(search.team !== undefined && { team_id: search.team }),
  ...(search.label !== undefined && { label_id: search.label }),
  ...(search.unread && { unread: true }),
  ...(search.read && { unread: false }),
  ...(search.waiting && { waiting: true }),
  ...(search.not_sent && { not_sent: true }),
  ...(search.unanswered !== undefined && { unanswered_minutes: search.unanswered }),
  ...(search.closes !== undefined && { closes_within_minutes: search.closes }),
  ...(search.q !== undefined && { search: search.q }),
  ...(search.order !== undefined && { sort: search.order }),
});

/** The address of a saved view: all that it does not name is cleared. */
export const searchOf = ({ filter }: Pick<SavedView, 'filter'>): InboxFilter => ({
  account: filter.account_id,
  state: filter.state,
  assignee: filter.assignee,
  team: filter.team_id,
  label: filter.label_id,
  unread: filter.unread || undefined,
  read: filter.unread === false || undefined,
  waiting: filter.waiting || undefined,
  not_sent: filter.not_sent || undefined,
  unanswered: filter.unanswered_minutes,
  closes: filter.closes_within_minutes,
  q: filter.search,
  order: filter.sort === 'newest' ? undefined : filter.sort,
});
