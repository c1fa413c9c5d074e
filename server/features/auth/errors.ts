// The errors of setup and login.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const authErrors = {
  setup_token_invalid: {
    status: 403,
    title: 'The setup link is not valid, or was used.',
    remedy: 'Use the link that the start printed. If an owner exists, log in instead.',
  },
  credentials_invalid: {
    status: 401,
    title: 'The e-mail address or the password is wrong.',
    remedy:
      'Check both. Recado allows one person five failures a minute and ten in 15 minutes from one network, and 20 a minute for all people there.',
  },
  too_many_failures: {
    status: 429,
    title: 'Too many failed logins from this network, or for this person.',
    remedy: 'Repeat after the seconds in `Retry-After`. Logins in progress count too.',
  },
  refresh_token_invalid: {
    status: 401,
    title: 'The refresh token is not valid, expired, or was used.',
    remedy: 'Log in again. A second use of a refresh token ends its session, because it may be stolen.',
  },
  membership_ended: {
    status: 401,
    title: 'The person may no longer enter the workspace.',
    remedy: 'Log in again to enter another workspace. An owner or admin of this one can invite the person again.',
  },
  workspace_not_found: {
    status: 404,
    title: 'Workspace not found.',
    remedy: 'List your workspaces with `GET /api/v1/me/workspaces`.',
  },
  session_not_found: {
    status: 404,
    title: 'Session not found.',
    remedy: 'List your sessions with `GET /api/v1/me/sessions`, and those of all people with `GET /api/v1/sessions`.',
  },
  mail_not_set_up: {
    status: 409,
    title: 'This server sends no mail.',
    remedy: 'Set `SMTP_URL` and `SMTP_FROM`, then start Recado again.',
  },
  current_password_wrong: {
    status: 400,
    title: 'The current password is wrong.',
    remedy: 'Send the current password. If you forgot it, request a reset link.',
  },
  second_factor_needed: {
    status: 401,
    title: 'The password is correct. A code of the second factor is required too.',
    remedy: 'Repeat the request with `code`: the six digits of the authenticator app, or a recovery code.',
  },
  second_factor_invalid: {
    status: 401,
    title: 'The code of the second factor is wrong, or was used.',
    remedy: 'Wait for the next code, and check the clock of the device. A recovery code works once.',
  },
  second_factor_code_wrong: {
    status: 400,
    title: 'The code is wrong, or was used.',
    remedy: 'Send the current code of the app, or an unused recovery code.',
  },
  second_factor_unreadable: {
    status: 409,
    title: 'The secret of the second factor cannot be decrypted, so Recado cannot check codes of the app.',
    remedy:
      'The server lacks the `SECRET_KEY` of that time; the operator can add it to `SECRET_KEY_PREVIOUS`. Otherwise log in with a recovery code. Then remove the second factor with another recovery code, and set it up again.',
  },
  second_factor_on: {
    status: 409,
    title: 'The person already has a second factor.',
    remedy: 'Remove it with `DELETE /api/v1/me/second-factor` before you set up another one.',
  },
  second_factor_off: {
    status: 409,
    title: 'The person has no second factor.',
    remedy: 'Set it up with `POST /api/v1/me/second-factor`, and confirm it with a code.',
  },
  reset_token_invalid: {
    status: 400,
    title: 'The reset link is not valid, was used, or has expired.',
    remedy: 'Request a new link. A link works once and for one hour. A newer link or a new password ends it.',
  },
} as const satisfies ErrorTable;

export const problem = problems(authErrors);
