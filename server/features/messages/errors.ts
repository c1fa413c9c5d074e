// The refusals of messages.
import type { Status } from '@recado/contract';
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
  queue_full: {
    status: 429,
    title: 'The queue of the account is full, or so long that the message would expire in it.',
    remedy: 'Wait for the seconds of `Retry-After`, send less, or raise `limits.max_queued` or `limits.rate`.',
  },
  message_already_sending: {
    status: 409,
    title: 'The message is being sent, or has an outcome already.',
    remedy: 'Only what is `scheduled` or `queued` can be cancelled.',
  },
  message_not_unknown: {
    status: 409,
    title: 'The outcome of the message is known.',
    remedy: 'Only a message that is `unknown`, or failed with `unknown_outcome`, can be resolved by hand.',
  },
  batch_not_found: {
    status: 404,
    title: 'There is no such batch.',
    remedy: 'Use the id that `POST /api/v1/messages/batch` answered.',
  },
  message_not_failed: {
    status: 409,
    title: 'Only a message that failed can be sent again.',
    remedy: 'See the status of the message. One that is `unknown` may have arrived; its receipt will tell.',
  },
  message_expired: {
    status: 409,
    title: 'The message is past its expiry.',
    remedy: 'Send a new one.',
  },
  contact_deleted: {
    status: 409,
    title: 'The contact of the message has been deleted.',
    remedy: 'Send a new one, if the person is to be written to again.',
  },
  message_file_gone: {
    status: 409,
    title: 'The file of the message has been deleted.',
    remedy: 'Upload it again, and send a new message with it.',
  },
  message_not_inbound: {
    status: 409,
    title: 'Only a message that was received can be marked as read.',
    remedy: 'Use the id of an inbound message.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(messageErrors);

/** Refuses what the status of a message does not allow, and names the status. */
export function refuseStatus(
  code: 'message_already_sending' | 'message_not_failed' | 'message_not_unknown',
  status: Status,
) {
  const { title, remedy } = messageErrors[code];
  return refuse(code, `${title} Its status is \`${status}\`. ${remedy}`);
}
