// The errors of contacts and conversations.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const contactErrors = {
  contact_not_found: {
    status: 404,
    title: 'Contact not found.',
    remedy: 'List the contacts with `GET /api/v1/contacts`.',
  },
  conversation_not_found: {
    status: 404,
    title: 'Conversation not found.',
    remedy: 'List the conversations with `GET /api/v1/conversations`.',
  },
  phone_taken: {
    status: 409,
    title: 'Another contact has this phone number.',
    remedy: 'Find it with `GET /api/v1/contacts?phone=…` and use it, or delete it first.',
  },
} as const satisfies ErrorTable;

export const problem = problems(contactErrors);
