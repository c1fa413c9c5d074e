// The page of an invitation link.
import { formPage } from '../auth/index.ts';

export const invitationPage = formPage({
  title: 'Join a workspace of Recado',
  intro: 'This link works once. If you already have a Recado password here, enter it.',
  fields: [
    { name: 'name', label: 'Your name', autocomplete: 'name' },
    {
      name: 'password',
      label: 'Password, 12 characters or more',
      type: 'password',
      autocomplete: 'new-password',
      min: 12,
    },
    { name: 'code', label: 'Code, if you have a second factor', autocomplete: 'one-time-code', optional: true },
  ],
  button: 'Join',
  sendTo: '/api/v1/invitations/accept',
  done: 'Done. You are a member of the workspace: log in with POST /api/v1/auth/login; the API documentation is at /docs.',
});
