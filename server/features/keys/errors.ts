// The refusals of API keys.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const keyErrors = {
  key_not_found: {
    status: 404,
    title: 'There is no such API key.',
    remedy:
      'List the keys with `GET /api/v1/keys`. Keys of another workspace are answered like keys that do not exist.',
  },
  scope_not_yours: {
    status: 403,
    title: 'A key can be given no more than its maker may do.',
    remedy: 'Leave out the scopes and the accounts that `errors` names, or let somebody make the key who has them.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(keyErrors);
