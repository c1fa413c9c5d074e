// The errors of accounts.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const accountErrors = {
  account_not_found: {
    status: 404,
    title: 'Account not found.',
    remedy: 'List the accounts with `GET /api/v1/accounts`.',
  },
  number_taken: {
    status: 409,
    title: 'Another account has this number.',
    remedy: 'Use that account, or delete it first. It may belong to another workspace of this installation.',
  },
  business_account_taken: {
    status: 409,
    title: 'Another workspace has connected this business account.',
    remedy: 'Connect its numbers in that workspace. Or delete its accounts there first.',
  },
  no_credentials: {
    status: 409,
    title: 'The account has no credentials of its own.',
    remedy: 'Only accounts of the channel `cloud` have credentials. A Sandbox account needs none.',
  },
  credentials_unreadable: {
    status: 409,
    title: 'The credentials of the account cannot be decrypted.',
    remedy:
      'The server lacks the `SECRET_KEY` of that time; the operator can add it to `SECRET_KEY_PREVIOUS`. Or save `access_token`, `app_secret` and `verify_token` together with `PATCH /api/v1/accounts/:id/credentials`.',
  },
  channel_off: {
    status: 409,
    title: 'This server does not serve the channel.',
    remedy: 'The operator sets `WHATSAPP_WEB=on`, and restarts the server.',
  },
  channel_unreachable: {
    status: 503,
    title: 'WhatsApp cannot be reached from this machine.',
    remedy:
      'Check the connection of the server to the internet, and that it reaches `GRAPH_URL`. Then repeat the request.',
  },
  channel_unavailable: {
    status: 503,
    title: 'WhatsApp gave no usable answer.',
    remedy: 'Repeat the request later. `detail` says what Meta, or a proxy in between, answered.',
  },
} as const satisfies ErrorTable;

export const problem = problems(accountErrors);
