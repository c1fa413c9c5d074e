// The errors of opt-outs.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const optOutErrors = {
  opt_out_not_found: {
    status: 404,
    title: 'Opt-out not found.',
    remedy: 'List the opt-outs with `GET /api/v1/opt-outs`.',
  },
} as const satisfies ErrorTable;

export const problem = problems(optOutErrors);
