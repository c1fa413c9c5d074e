// The errors of hooks.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const hookErrors = {
  hook_not_found: {
    status: 404,
    title: 'Hook not found.',
    remedy: 'List the hooks with `GET /api/v1/hooks`. An address ends when its hook is revoked or gets a new one.',
  },
  too_many_hooks: {
    status: 409,
    title: 'The workspace has 100 hooks.',
    remedy: 'Revoke one that no program calls.',
  },
  hook_call_not_understood: {
    status: 400,
    title: 'The call is not understood.',
    remedy:
      'Post the JSON of Alertmanager, Grafana or Uptime Kuma, or a plain text. `GET /api/v1/hooks/{id}/calls` has it.',
  },
  hook_loop: {
    status: 409,
    title: 'Recado does not call its own hooks.',
    remedy: 'Give alerts of Recado a channel of the kind `whatsapp` instead.',
  },
} as const satisfies ErrorTable;

export const problem = problems(hookErrors);
