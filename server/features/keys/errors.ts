// The errors of API keys.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const keyErrors = {
  key_not_found: {
    status: 404,
    title: 'API key not found.',
    remedy: 'List the keys with `GET /api/v1/keys`. A key of another workspace is not found.',
  },
  scope_not_yours: {
    status: 403,
    title: 'A key cannot have more permissions than the person who creates it.',
    remedy: 'Remove the scopes and accounts that `errors` lists, or ask a person who has them.',
  },
} as const satisfies ErrorTable;

export const problem = problems(keyErrors);
