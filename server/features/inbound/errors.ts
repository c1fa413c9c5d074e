// The rejections of dead letters and raw webhooks.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const inboundErrors = {
  dead_letter_not_found: {
    status: 404,
    title: 'Dead letter not found.',
    remedy: 'List them with `GET /api/v1/dead-letters`. One that was applied by a retry, or discarded, is gone.',
  },
  dead_letter_not_retryable: {
    status: 409,
    title: 'The webhook of the dead letter cannot be processed again.',
    remedy: 'See `detail`. Discard the dead letter if you do not need it.',
  },
  raw_webhook_not_found: {
    status: 404,
    title: 'Raw webhook not found.',
    remedy: 'List them with `GET /api/v1/raw-webhooks`. Recado deletes them after 8 days.',
  },
  nothing_received: {
    status: 409,
    title: 'The person has not written in this conversation.',
    remedy: 'WhatsApp shows typing only as an answer to a message. Send a message instead.',
  },
} as const satisfies ErrorTable;

export const problem = problems(inboundErrors);
