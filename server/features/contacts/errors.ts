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
  conversation_not_readable: {
    status: 403,
    title: 'You do not read the conversation with this person.',
    remedy: 'Ask its assignee to give it to you, or somebody who reads all conversations.',
  },
  phone_taken: {
    status: 409,
    title: 'Another contact has this phone number.',
    remedy: 'Find it with `GET /api/v1/contacts?phone=…` and use it, or delete it first.',
  },
  merge_busy: {
    status: 409,
    title: 'A message to one of the contacts is being sent, or its outcome is unknown.',
    remedy: 'Repeat the request after the seconds in `Retry-After`. First resolve a message with an unknown outcome.',
  },
  contact_field_not_found: {
    status: 404,
    title: 'Field of contacts not found.',
    remedy: 'List the fields with `GET /api/v1/contact-fields`.',
  },
  contact_field_taken: {
    status: 409,
    title: 'Another field of contacts has this key.',
    remedy: 'Use another key, or change that field with `PATCH /api/v1/contact-fields/{id}`.',
  },
  contact_field_being_deleted: {
    status: 409,
    title: 'A deleted field had this key, and Recado is still removing its values.',
    remedy: 'Repeat the request in a minute, or use another key.',
  },
  too_many_contact_fields: {
    status: 409,
    title: 'The workspace has 100 fields of contacts.',
    remedy: 'Delete a field that nobody needs.',
  },
  label_not_found: {
    status: 404,
    title: 'Label not found.',
    remedy: 'List the labels with `GET /api/v1/labels`.',
  },
  label_for_others: {
    status: 409,
    title: 'The label is for the other kind: for contacts, or for conversations.',
    remedy: 'Use a label of this kind: `GET /api/v1/labels?on=contact` or `?on=conversation` lists them.',
  },
  label_taken: {
    status: 409,
    title: 'Another label of this kind has this name.',
    remedy: 'Use that label, or another name. Case and accents make no difference.',
  },
  too_many_labels: {
    status: 409,
    title: 'The workspace has 200 labels.',
    remedy: 'Delete a label that nobody needs.',
  },
  too_many_contacts: {
    status: 400,
    title: 'The filter fits more than 10,000 contacts.',
    remedy: 'Narrow the filter, for example by `created_from` and `created_until`, and repeat for each part.',
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
