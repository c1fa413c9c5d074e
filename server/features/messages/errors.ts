// The errors of messages.
import type { Status } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const messageErrors = {
  message_not_found: {
    status: 404,
    title: 'Message not found.',
    remedy: 'List the messages with `GET /api/v1/messages`.',
  },
  account_not_connected: {
    status: 409,
    title: 'The account is not connected.',
    remedy: 'See `status_reason` of the account. Recado keeps its queue and sends it once the account is connected.',
  },
  account_deleted: {
    status: 409,
    title: 'The account of the message was deleted.',
    remedy: 'Send a new message from another account.',
  },
  daily_limit_reached: {
    status: 429,
    title: 'The account has reached its daily limit.',
    remedy:
      'Repeat after the seconds in `Retry-After`: at midnight in the account’s time zone. Or raise `limits.per_day` with `PATCH /api/v1/accounts/:id`.',
  },
  window_closed: {
    status: 409,
    title: 'The 24-hour window of the conversation is closed.',
    remedy:
      'Send a template (`type: "template"`), or wait until the person writes or calls. Or set `on_window_closed` to `hold`: the message then leaves when the window opens.',
  },
  conversation_changed: {
    status: 409,
    title: 'Somebody else wrote in the conversation meanwhile.',
    remedy:
      'Read what `came`. To send all the same, repeat the request with the newest `id` of `came` as `last_seen_id`.',
  },
  opted_out: {
    status: 409,
    title: 'The person opted out.',
    remedy: 'See `GET /api/v1/opt-outs` for the reason. Remove an opt-out only if the person agrees.',
  },
  consent_missing: {
    status: 409,
    title: 'The person gave no consent to marketing.',
    remedy:
      'Record the consent with `POST /api/v1/consents`. Or change `consent_required` with `PATCH /api/v1/workspace/opt-outs`.',
  },
  spend_cap_reached: {
    status: 409,
    title: 'The spend cap of the month is reached.',
    remedy:
      'Raise the cap with `PATCH /api/v1/cost/settings`, or wait for the next month. Only marketing is refused: replies and codes still leave.',
  },
  type_not_supported: {
    status: 400,
    title: 'The channel of this account does not support this type of message.',
    remedy: 'Send another type.',
  },
  queue_full: {
    status: 429,
    title: 'The queue of the account is full, or the message would expire before it can be sent.',
    remedy: 'Repeat after the seconds in `Retry-After`, send less, or raise `limits.max_queued` or `limits.rate`.',
  },
  message_already_sending: {
    status: 409,
    title: 'The message is being sent, so it can no longer be cancelled.',
    remedy: 'Wait for its outcome. Only a message that is `scheduled` or `queued` can be cancelled.',
  },
  message_not_waiting: {
    status: 409,
    title: 'The message does not wait to be sent.',
    remedy: 'Only a message that is `scheduled` or `queued` can be cancelled.',
  },
  message_not_unknown: {
    status: 409,
    title: 'The outcome of the message is known.',
    remedy: 'Only a message that is `unknown`, or failed with `unknown_outcome`, can be resolved.',
  },
  batch_not_found: {
    status: 404,
    title: 'Batch not found.',
    remedy: 'Use the id from the answer of `POST /api/v1/messages/batch`.',
  },
  message_not_failed: {
    status: 409,
    title: 'Only a failed message can be sent again.',
    remedy: 'Check the status of the message. A message that is `unknown` may have arrived; wait for its receipt.',
  },
  message_expired: {
    status: 409,
    title: 'The message has expired.',
    remedy: 'Send a new message.',
  },
  contact_deleted: {
    status: 409,
    title: 'The contact of the message was deleted.',
    remedy: 'Send a new message.',
  },
  message_file_gone: {
    status: 409,
    title: 'The file of the message was deleted.',
    remedy: 'Upload it again, and send a new message.',
  },
  message_not_inbound: {
    status: 409,
    title: 'Only an inbound message can be marked as read.',
    remedy: 'Use the id of an inbound message.',
  },
} as const satisfies ErrorTable;

export const problem = problems(messageErrors);

/** Refuses what the status of a message does not allow, and names the status. */
export function statusProblem(
  code: 'message_already_sending' | 'message_not_waiting' | 'message_not_failed' | 'message_not_unknown',
  status: Status,
) {
  const { title, remedy } = messageErrors[code];
  return problem(code, `${title} Its status is \`${status}\`. ${remedy}`);
}
