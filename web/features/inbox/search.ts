// The filters of the inbox, as they are in the address.

export interface InboxSearch {
  account?: string | undefined;
  unread?: true | undefined;
  waiting?: true | undefined;
  not_sent?: true | undefined;
  q?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
const flag = (given: unknown) => (given === true || given === 'true' ? true : undefined);

/** Keeps what is a filter. What is not validated would stay in the address. */
export const inboxSearch = (given: Record<string, unknown>): InboxSearch => ({
  account: text(given.account),
  unread: flag(given.unread),
  waiting: flag(given.waiting),
  not_sent: flag(given.not_sent),
  q: text(given.q),
});
