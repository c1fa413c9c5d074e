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
  thread_control_not_supported: {
    status: 409,
    title: 'The channel of this account does not let several answer a conversation.',
    remedy: 'Only accounts on the Cloud API can take, pass and release conversations.',
  },
  thread_control_rejected: {
    status: 409,
    title: 'WhatsApp rejected the change of the owner.',
    remedy: 'See what WhatsApp says in `detail`. Only the partner for escalations may take a conversation.',
  },
  thread_control_unknown: {
    status: 502,
    title: 'WhatsApp did not answer, so nobody knows whether the owner changed.',
    remedy: 'Wait for the next message or hand-over, which tells. A repeat may be refused.',
  },
} as const satisfies ErrorTable;

export const problem = problems(contactErrors);
