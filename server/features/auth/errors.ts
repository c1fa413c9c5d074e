// The refusals of setup and login.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const authErrors = {
  setup_token_invalid: {
    status: 403,
    title: 'This setup link is not valid, or was used.',
    remedy: 'Use the link that the start printed. Once an owner exists, log in instead.',
  },
  credentials_invalid: {
    status: 401,
    title: 'The e-mail address or the password is wrong.',
    remedy:
      'Check both. Five failures a minute from one address pause its logins, ten in a quarter of an hour those of the person.',
  },
  too_many_failures: {
    status: 429,
    title: 'There were too many failed logins from this address, or for this person.',
    remedy: 'Wait for the seconds of `Retry-After`.',
  },
  refresh_token_invalid: {
    status: 401,
    title: 'The refresh token is not valid, expired, or was used before.',
    remedy: 'Log in again. Using a refresh token twice ends its session, as it may have been stolen.',
  },
  session_not_found: {
    status: 404,
    title: 'There is no such session.',
    remedy: 'List your sessions with `GET /api/v1/me/sessions`.',
  },
  current_password_wrong: {
    status: 400,
    title: 'The current password is wrong.',
    remedy: 'Give the password that you log in with now. Who has forgotten it sets a new one by a reset link.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(authErrors);
