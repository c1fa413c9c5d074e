// The errors of endpoints and their deliveries.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const webhookErrors = {
  endpoint_not_found: {
    status: 404,
    title: 'Endpoint not found.',
    remedy: 'List the endpoints with `GET /api/v1/endpoints`.',
  },
  delivery_not_found: {
    status: 404,
    title: 'Delivery not found.',
    remedy: 'List the deliveries with `GET /api/v1/endpoints/{id}/deliveries`. They are kept for 30 days.',
  },
  replay_not_found: {
    status: 404,
    title: 'Replay not found.',
    remedy: 'Use the id that `POST /api/v1/endpoints/{id}/replays` or `/recover` returned.',
  },
  replay_running: {
    status: 409,
    title: 'The endpoint has a replay or a recovery that is not done.',
    remedy: 'Wait until `GET /api/v1/endpoints/{id}/replays/{replay}` says that it is done.',
  },
  endpoint_not_active: {
    status: 409,
    title: 'The endpoint gets no events at the moment.',
    remedy: 'Set its `status` to active with `PATCH /api/v1/endpoints/{id}` first.',
  },
  endpoint_link_rejected: {
    status: 400,
    title: 'Recado does not post to this link.',
    remedy:
      'Use a complete https link to a public address, or ask the operator to add its host to `WEBHOOK_ALLOWED_HOSTS`.',
  },
  endpoint_events_not_yours: {
    status: 403,
    title: 'You cannot see all events of this endpoint.',
    remedy: 'Choose event types and accounts that you can see. `detail` names the missing permission.',
  },
  too_many_secrets: {
    status: 409,
    title: 'The endpoint has 10 former secrets that still sign.',
    remedy: 'Wait until one of them ends, or send `overlap_seconds: 0`: then the current secret ends at once.',
  },
  too_many_endpoints: {
    status: 409,
    title: 'The workspace has 100 endpoints.',
    remedy: 'Delete an endpoint that you do not need.',
  },
} as const satisfies ErrorTable;

export const problem = problems(webhookErrors);
