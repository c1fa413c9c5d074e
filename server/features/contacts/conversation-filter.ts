// The filters of conversations, as an address and a saved view give them.
import type { ViewFilter } from '@recado/contract';
import type { Caller } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { ConversationFilter } from './conversation-store.ts';

/** The filter that a caller asks for at a moment. */
export const conversationFilter = (
  {
    account_id,
    team_id,
    label_id,
    state,
    assignee,
    unread,
    waiting,
    not_sent,
    search,
    ...minutes
  }: Omit<ViewFilter, 'sort'>,
  caller: Pick<Caller, 'id' | 'accounts' | 'reader' | 'seesNumbers'>,
  at: Date,
): ConversationFilter => ({
  accountId: account_id && toUuid(account_id),
  contactId: undefined,
  teamId: team_id && toUuid(team_id),
  labelId: label_id && toUuid(label_id),
  state,
  assigneeId: assigneeOf(assignee, caller.id),
  unread,
  waiting,
  notSent: not_sent,
  unansweredMinutes: minutes.unanswered_minutes,
  closesWithinMinutes: minutes.closes_within_minutes,
  search,
  wholeNumbers: !caller.seesNumbers,
  at,
  limitedTo: caller.accounts,
  isOfReader: caller.reader && true,
});

/** The UUID of an assignee; null for nobody. */
function assigneeOf(given: string | undefined, callerId: string): string | null | undefined {
  if (given === 'nobody') return null;
  return given === 'me' ? callerId : given && toUuid(given);
}
