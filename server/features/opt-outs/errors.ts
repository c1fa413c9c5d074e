// The errors of opt-outs.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const optOutErrors = {
  opt_out_not_found: {
    status: 404,
    title: 'Opt-out not found.',
    remedy: 'List the opt-outs with `GET /api/v1/opt-outs`.',
  },
  suggestion_not_found: {
    status: 404,
    title: 'Suggestion not found.',
    remedy: 'List the suggestions with `GET /api/v1/opt-outs/suggestions`.',
  },
  suggestion_taken: {
    status: 409,
    title: 'The suggestion was decided before.',
    remedy: 'Show it with `GET /api/v1/opt-outs/suggestions`. To opt the person out, name the contact.',
  },
  opt_out_link_invalid: {
    status: 404,
    title: 'The link is not complete, or its person is deleted.',
    remedy: 'Open the whole link of the message. Or write STOP in the conversation on WhatsApp.',
  },
} as const satisfies ErrorTable;

export const problem = problems(optOutErrors);
