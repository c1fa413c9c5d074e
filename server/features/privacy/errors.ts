// The refusals of exporting and erasing a person.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const privacyErrors = {
  contact_busy: {
    status: 409,
    title: 'Something of this contact is at work at this moment.',
    remedy:
      'A message of it is on its way to the channel, or a webhook about it is being read: repeat the request after the seconds of `Retry-After`. What waited to be sent is cancelled.',
  },
  contact_outcome_unknown: {
    status: 409,
    title: 'Of a message to this contact nobody can tell yet whether it was sent.',
    remedy:
      'Repeat the request after the seconds of `Retry-After`, when the account’s `unknown_window_seconds` are over. Without that header it waits for you: decide it with `POST /api/v1/messages/:id/resolve`. Find it with `GET /api/v1/messages?contact_id=…&status=unknown`.',
  },
  erasure_unfinished: {
    status: 409,
    title: 'More belongs to this contact than one request erases.',
    remedy:
      'Repeat the request after the seconds of `Retry-After` until it answers 200: each goes on where the last ended.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(privacyErrors);
