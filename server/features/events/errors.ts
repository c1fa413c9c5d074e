// The errors of events.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const eventErrors = {
  event_not_found: {
    status: 404,
    title: 'Event not found.',
    remedy: 'List the events with `GET /api/v1/events`. You see those that your permissions and accounts allow.',
  },
  resync_required: {
    status: 410,
    title: 'The event log no longer has this event.',
    remedy:
      'Read the state that you need again, with the lists of the API. Then read on with `after` set to `last_id` of this error.',
  },
} satisfies ErrorTable;

export const problem = problems(eventErrors);
