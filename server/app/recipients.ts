// What the channel tells of people: that they stopped marketing messages, or that it cannot deliver to them.
import { markUnreachable } from '../features/contacts/index.ts';
import type { AccountReceipt, NoticeHandler, ReceiptHandler } from '../features/inbound/index.ts';
import {
  applyPreferences,
  applyRejectedMessage,
  applyRejectedReceipts,
  type CancelBarred,
  preferencesField,
  recipientOf,
  recipientsOf,
  stoppedCode,
} from '../features/opt-outs/index.ts';
import { cancelWaiting, lockLanes } from '../features/sending/index.ts';
import type { Database } from '../kit/db/database.ts';
import type { Clock } from '../kit/time.ts';

/** Cancels what waits for a person who opted out. */
export const cancelBarred =
  (clock: Clock): CancelBarred =>
  async (tx, workspaceId, contactId, category) => {
    const filter = { contactId, category: category === 'marketing' ? category : undefined };
    await cancelWaiting(tx, workspaceId, filter, { reason: 'opted_out' }, clock.sqlNow());
  };

/** Applies people's choices about marketing messages. */
export const noticeOptOuts =
  (clock: Clock): NoticeHandler =>
  async (tx, notices, now) => {
    for (const { field, workspaceId, value } of notices)
      if (field === preferencesField) await applyPreferences(tx, cancelBarred(clock), workspaceId, value, now);
  };

/** The channel's code for a message that it cannot deliver to this person. */
const undeliverable = '131026';

const failedWith =
  (code: string) =>
  (receipt: AccountReceipt): boolean =>
    receipt.status === 'failed' && receipt.code === code;

/** What follows from failures that the channel reports later. */
export const failureHandlers = (clock: Clock): ReceiptHandler[] => [
  {
    concerns: failedWith(stoppedCode),
    handle: (tx, receipts) => applyRejectedReceipts(tx, cancelBarred(clock), receipts, new Date(clock.now())),
  },
  {
    concerns: failedWith(undeliverable),
    async handle(tx, receipts) {
      const people = await recipientsOf(tx, receipts);
      const contacts = people.map(({ contact_id: contact }) => contact);
      await markUnreachable(tx, contacts, new Date(clock.now()));
    },
  },
];

/** What follows from a rejection in the answer to the call. */
export const rejectionHandler = (db: Database, clock: Clock) => async (messageId: string, code: string) => {
  if (code !== stoppedCode && code !== undeliverable) return;
  const at = new Date(clock.now());
  await db.transaction(async tx => {
    if (code === stoppedCode) await applyRejectedMessage(tx, { cancel: cancelBarred(clock), lockLanes }, messageId, at);
    else {
      const to = await recipientOf(tx, messageId);
      if (to) await markUnreachable(tx, [to.contact_id], at);
    }
  });
};
