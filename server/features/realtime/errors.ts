// The rejections of streams and sockets.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const realtimeErrors = {
  stream_not_accepted: {
    status: 406,
    title: 'The response is a stream of events, which `Accept` excludes.',
    remedy: 'Send `Accept: text/event-stream`, or leave the header out. For single pages use `GET /api/v1/events`.',
  },
  websocket_required: {
    status: 426,
    title: 'This path is for WebSockets.',
    remedy: "Connect with Socket.IO and `transports: ['websocket']`. Proxies must pass WebSockets on.",
  },
  too_many_connections: {
    status: 429,
    title: 'The caller has too many open streams and sockets.',
    remedy: 'Close some. One connection can get all events of a workspace. The operator sets `API_CONNECTION_LIMIT`.',
  },
  presence_of_people: {
    status: 403,
    title: 'Only people are present in conversations.',
    remedy: 'Connect as a person, not with an API key.',
  },
  too_many_places: {
    status: 409,
    title: 'The socket is present in too many conversations.',
    remedy: 'Send `away` for some of the 20 before.',
  },
} as const satisfies ErrorTable;

export const problem = problems(realtimeErrors);
