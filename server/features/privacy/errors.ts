// The errors of exporting and erasing a person.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const privacyErrors = {
  contact_busy: {
    status: 409,
    title: 'The contact is busy.',
    remedy:
      'Recado is sending a message of the contact, processing a webhook about it or merging it with another contact. Repeat the request after the seconds in `Retry-After`. Queued messages are cancelled.',
  },
  contact_outcome_unknown: {
    status: 409,
    title: 'A message to this contact has an unknown outcome.',
    remedy:
      'Repeat the request after the seconds in `Retry-After`. Without that header, find the message with `GET /api/v1/messages?contact_id=…&status=unknown`. Then call `POST /api/v1/messages/:id/resolve`.',
  },
  erasure_unfinished: {
    status: 409,
    title: 'The erasure is incomplete.',
    remedy:
      'Repeat the request after the seconds in `Retry-After` until it answers 200. Each request continues the last one.',
  },
} as const satisfies ErrorTable;

export const problem = problems(privacyErrors);
