// The filter of the queue page: a state, an account, an error or a reason, and a range of days.
import type { Status, WaitingReason } from '@recado/contract';

/** The views of the table. Only links of the strip lead to the last three. */
export const views = [
  'waiting',
  'sending',
  'scheduled',
  'failed',
  'unknown',
  'left',
  'sent',
  'delivered',
  'read',
] as const;
export type View = (typeof views)[number];

export const statusesOf: Record<View, readonly Status[]> = {
  waiting: ['queued'],
  sending: ['sending'],
  scheduled: ['scheduled'],
  failed: ['failed'],
  unknown: ['unknown'],
  left: ['cancelled', 'expired'],
  sent: ['sent', 'delivered', 'read', 'played'],
  delivered: ['delivered', 'read', 'played'],
  read: ['read', 'played'],
};

export const ranges = ['today', 'week', 'month'] as const;
export type Range = (typeof ranges)[number];

/** Open messages are shown whatever their age, ended ones of a range. */
export const isOpen = (view: View): boolean => ['waiting', 'sending', 'scheduled', 'unknown'].includes(view);

export interface QueueFilter {
  view: View;
  account: string | undefined;
  contact: string | undefined;
  error: string | undefined;
  reason: string | undefined;
  range: Range;
}

const dayMs = 86_400_000;

/** The begin of a range: today's midnight here, or a midnight some days before. */
export function startOf(range: Range, now = new Date()): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const days = { today: 0, week: 6, month: 29 }[range];
  return new Date(midnight - days * dayMs).toISOString();
}

export const ofAccount = (account: string | undefined) => (account === undefined ? {} : { account_id: account });

/** The filter of the list, as the API takes it. */
export const listFilterOf = ({ view, account, contact, error, reason, range }: QueueFilter) => ({
  ...ofAccount(account),
  ...(contact !== undefined && { contact_id: contact }),
  ...(view === 'failed' && error !== undefined && { error_code: error }),
  ...(view === 'waiting' &&
    reason !== undefined && {
      // The server rejects what is no reason.
      waiting_reason: reason as WaitingReason,
    }),
  ...(!isOpen(view) && { from: startOf(range) }),
});
