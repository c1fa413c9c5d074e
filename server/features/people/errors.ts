// The refusals of people, invitations and workspaces.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const peopleErrors = {
  person_not_found: {
    status: 404,
    title: 'There is no such person in this workspace.',
    remedy: 'List the people with `GET /api/v1/people`.',
  },
  role_above_yours: {
    status: 403,
    title: 'This concerns a role above your own.',
    remedy: 'Let somebody do it who has that role: only owners make, change and invite owners.',
  },
  last_owner: {
    status: 409,
    title: 'The workspace would be left without an owner.',
    remedy: 'Make somebody else an owner first. An owner who is disabled does not count.',
  },
  person_elsewhere_too: {
    status: 409,
    title: 'The person belongs to other workspaces too, and the link would be a way into those.',
    remedy: 'Set up SMTP, so that the link goes to the person alone; or remove the person and invite another address.',
  },
  reset_link_for_yourself: {
    status: 409,
    title: 'This is for the passwords of others.',
    remedy: 'Change your own password with `POST /api/v1/me/password`.',
  },
  invitation_not_found: {
    status: 404,
    title: 'There is no such open invitation.',
    remedy: 'List the invitations with `GET /api/v1/invitations`. One that was accepted is a person now.',
  },
  invitation_invalid: {
    status: 400,
    title: 'This invitation is not valid, was used, revoked, or is too old.',
    remedy: 'Ask for a new invitation: each works once and for seven days, and a newer one takes its place.',
  },
  already_member: {
    status: 409,
    title: 'The person belongs to this workspace already.',
    remedy: 'Change the person with `PATCH /api/v1/people/:id` instead.',
  },
  mail_not_sent: {
    status: 502,
    title: 'The mail server did not take the letter.',
    remedy:
      'Check the address, `SMTP_URL` and `SMTP_FROM` (the log has the code of the mail server), and repeat the request. Without `SMTP_URL` you are given a link to hand over.',
  },
  workspace_not_found: {
    status: 404,
    title: 'There is no such workspace for you.',
    remedy: 'List yours with `GET /api/v1/me/workspaces`.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(peopleErrors);
