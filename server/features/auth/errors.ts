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
    title: 'There were too many failed tries from this address, or for this person.',
    remedy:
      'Wait for the seconds of `Retry-After`. Tries that are under way count too: one second is for who tries several at once.',
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
  second_factor_needed: {
    status: 401,
    title: 'The password is right; a code of the second factor is needed too.',
    remedy: 'Repeat the request with `code`: the six digits of the authenticator app, or a recovery code.',
  },
  second_factor_invalid: {
    status: 401,
    title: 'The code of the second factor is wrong, or was used before.',
    remedy:
      'Wait for the next code of the app, and set the clock of the device by the network. A recovery code works once.',
  },
  second_factor_code_wrong: {
    status: 400,
    title: 'The code is wrong, or was used before.',
    remedy: 'Give the code that the app shows now, or a recovery code that was not used.',
  },
  second_factor_unreadable: {
    status: 409,
    title: 'The secret of the second factor cannot be opened any more, so that no code of the app can be checked.',
    remedy:
      'It was sealed with a SECRET_KEY that this server does not have. Log in with a recovery code, take the second factor away with `DELETE /api/v1/me/second-factor` and another recovery code, and begin anew. The operator can name the earlier key in `SECRET_KEY_PREVIOUS`.',
  },
  second_factor_on: {
    status: 409,
    title: 'There is a second factor already.',
    remedy: 'Take it away with `DELETE /api/v1/me/second-factor` before you begin another one.',
  },
  second_factor_off: {
    status: 409,
    title: 'There is no second factor.',
    remedy: 'Begin one with `POST /api/v1/me/second-factor`, and confirm it with a code.',
  },
  reset_token_invalid: {
    status: 400,
    title: 'This link for a new password is not valid, was used, or is too old.',
    remedy: 'Ask for a new link: each works once and for one hour, and a newer one or a changed password ends it.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(authErrors);
