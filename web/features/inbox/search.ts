// The filters of the inbox and what is open in it, as they are in the address.
import type { Conversation } from '@recado/client';
import type { ListFilter } from '../../data/conversations-cache.ts';

/** What is beside the thread. `none`: closed by hand. */
export type SideTab = 'phone' | 'details' | 'files' | 'none';

export interface InboxSearch {
  account?: string | undefined;
  state?: Conversation['state'] | undefined;
  assignee?: 'me' | 'nobody' | undefined;
  team?: string | undefined;
  unread?: true | undefined;
  waiting?: true | undefined;
  not_sent?: true | undefined;
  q?: string | undefined;
  side?: SideTab | undefined;
  /** The message that is shown in the side pane, and to which the thread goes. */
  message?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
const flag = (given: unknown) => (given === true || given === 'true' ? true : undefined);
const states: readonly unknown[] = ['open', 'snoozed', 'closed'] satisfies Conversation['state'][];
const sides: readonly unknown[] = ['phone', 'details', 'files', 'none'] satisfies SideTab[];

/** Keeps valid filters. Others would stay in the address. */
export const inboxSearch = (given: Record<string, unknown>): InboxSearch => ({
  account: text(given.account),
  state: states.includes(given.state) ? (given.state as Conversation['state']) : undefined,
  assignee: given.assignee === 'me' || given.assignee === 'nobody' ? given.assignee : undefined,
  team: text(given.team),
  unread: flag(given.unread),
  waiting: flag(given.waiting),
  not_sent: flag(given.not_sent),
  q: text(given.q),
  side: sides.includes(given.side) ? (given.side as SideTab) : undefined,
  message: text(given.message),
});

export const filterOf = ({
  account,
  state,
  assignee,
  team,
  unread,
  waiting,
  not_sent,
  q,
}: InboxSearch): ListFilter => ({
  ...(account !== undefined && { account_id: account }),
  ...(state !== undefined && { state }),
  ...(assignee !== undefined && { assignee }),
  ...(team !== undefined && { team_id: team }),
  ...(unread && { unread }),
  ...(waiting && { waiting }),
  ...(not_sent && { not_sent }),
  ...(q !== undefined && { search: q }),
});
