// The errors of notifications.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const notificationErrors = {
  push_subscription_not_found: {
    status: 404,
    title: 'Push subscription not found.',
    remedy: 'List yours with `GET /api/v1/me/push-subscriptions`. One ends with its session.',
  },
  push_endpoint_rejected: {
    status: 400,
    title: 'Recado does not post to this push service.',
    remedy:
      'The address must be a complete https link to a public address. Ask the operator to add its host to `WEBHOOK_ALLOWED_HOSTS`.',
  },
} as const satisfies ErrorTable;

export const problem = problems(notificationErrors);
