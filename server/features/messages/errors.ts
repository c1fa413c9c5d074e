// The refusals of messages.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const messageErrors = {
  message_not_found: {
    status: 404,
    title: 'There is no such message.',
    remedy: 'List the messages with `GET /api/v1/messages`.',
  },
  account_not_connected: {
    status: 400,
    title: 'The account is not connected.',
    remedy: 'See `status_reason` of the account. What it has queued is kept and sent once it is connected.',
  },
  daily_limit_reached: {
    status: 400,
    title: 'The account has reached its limit for today.',
    remedy:
      'Wait for midnight in the account’s time zone, or raise `limits.per_day` with `PATCH /api/v1/accounts/:id`.',
  },
  type_not_supported: {
    status: 400,
    title: 'The channel of this account cannot carry this type of message.',
    remedy: 'Send another type.',
  },
  message_not_failed: {
    status: 409,
    title: 'Only a message that failed can be sent again.',
    remedy: 'See the status of the message. One that is `unknown` may have arrived; its receipt will tell.',
  },
  message_not_inbound: {
    status: 409,
    title: 'Only a message that was received can be marked as read.',
    remedy: 'Use the id of an inbound message.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(messageErrors);
