// The errors of people, invitations and workspaces.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const peopleErrors = {
  person_not_found: {
    status: 404,
    title: 'Person not found in this workspace.',
    remedy: 'List the people with `GET /api/v1/people`.',
  },
  role_above_yours: {
    status: 403,
    title: 'This needs a role above your own.',
    remedy: 'Ask a person with that role. Only owners create, change and invite owners.',
  },
  last_owner: {
    status: 409,
    title: 'The workspace would be left without an owner.',
    remedy: 'Make another person an owner first. Disabled owners do not count.',
  },
  person_elsewhere_too: {
    status: 409,
    title: 'The person belongs to other workspaces too, and the link would give access to them.',
    remedy: 'Configure SMTP, so that only the person gets the link. Or remove the person and invite another address.',
  },
  reset_link_for_yourself: {
    status: 409,
    title: 'A reset link is for another person’s password.',
    remedy: 'Change your own password with `POST /api/v1/me/password`.',
  },
  invitation_not_found: {
    status: 404,
    title: 'Open invitation not found.',
    remedy: 'List the invitations with `GET /api/v1/invitations`. An accepted invitation is a person.',
  },
  invitation_invalid: {
    status: 400,
    title: 'The invitation is not valid, used, revoked or expired.',
    remedy: 'Ask for a new invitation. It works once and for seven days. A newer one replaces it.',
  },
  already_member: {
    status: 409,
    title: 'The person already belongs to this workspace.',
    remedy: 'Change the person with `PATCH /api/v1/people/:id` instead.',
  },
  mail_not_sent: {
    status: 502,
    title: 'The mail server rejected the message.',
    remedy:
      'Check the address, `SMTP_URL` and `SMTP_FROM`; the log has the code of the mail server. Then repeat the request. Without `SMTP_URL`, the answer contains the link.',
  },
  workspace_not_found: {
    status: 404,
    title: 'Workspace not found.',
    remedy: 'List your workspaces with `GET /api/v1/me/workspaces`.',
  },
} as const satisfies ErrorTable;

export const problem = problems(peopleErrors);
