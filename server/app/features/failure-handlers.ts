// Effects of notices, rejections and failed receipts on people: an opt-out, or an unreachable number.
import { markUnreachable } from '../../features/contacts/index.ts';
import type { AccountReceipt, NoticeHandler, ReceiptHandler } from '../../features/inbound/index.ts';
import {
  applyPreferences,
  applyRejectedMessage,
  applyRejectedReceipts,
  preferencesField,
  recipientOf,
  recipientsOf,
  stoppedCode,
} from '../../features/opt-outs/index.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';

interface Needs {
  clock: Clock;
}

/** Applies people's choices about marketing messages. */
export const noticeOptOuts =
  (needs: Needs): NoticeHandler =>
  async (tx, notices, now) => {
    for (const { field, workspaceId, value } of notices)
      if (field === preferencesField) await applyPreferences(tx, needs, workspaceId, value, now);
  };

/** The channel's code for a message that it cannot deliver to this person. */
const undeliverable = '131026';

const failedWith =
  (code: string) =>
  (receipt: AccountReceipt): boolean =>
    receipt.status === 'failed' && receipt.code === code;

/** What follows from failures that the channel reports later. */
export const failureHandlers = (needs: Needs): ReceiptHandler[] => [
  {
    concerns: failedWith(stoppedCode),
    handle: (tx, receipts) => applyRejectedReceipts(tx, needs, receipts, new Date(needs.clock.now())),
  },
  {
    concerns: failedWith(undeliverable),
    async handle(tx, receipts) {
      const people = await recipientsOf(tx, receipts);
      const contacts = people.map(({ contact_id: contact }) => contact);
      await markUnreachable(tx, contacts, new Date(needs.clock.now()));
    },
  },
];

/** What follows from a rejection in the answer to the call. */
export const rejectionHandler = (db: Database, needs: Needs) => async (messageId: string, code: string) => {
  if (code !== stoppedCode && code !== undeliverable) return;
  const at = new Date(needs.clock.now());
  await db.transaction(async tx => {
    if (code === stoppedCode) await applyRejectedMessage(tx, needs, messageId, at);
    else {
      const to = await recipientOf(tx, messageId);
      if (to) await markUnreachable(tx, [to.contact_id], at);
    }
  });
};
