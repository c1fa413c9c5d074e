// The errors of accounts.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const accountErrors = {
  account_not_found: {
    status: 404,
    title: 'Account not found.',
    remedy: 'List the accounts with `GET /api/v1/accounts`.',
  },
} as const satisfies ErrorTable;

export const problem = problems(accountErrors);
