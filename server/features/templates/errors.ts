// The errors of templates.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const templateErrors = {
  template_not_found: {
    status: 404,
    title: 'Template not found.',
    remedy:
      'List the templates with `GET /api/v1/templates`. A template that was just made at Meta appears after `POST /api/v1/templates/sync`.',
  },
  template_not_approved: {
    status: 409,
    title: 'WhatsApp does not allow this template to be sent at the moment.',
    remedy:
      'See `status` and `reason` of the template. Wait for the approval or the end of a pause, or send another template.',
  },
} as const satisfies ErrorTable;

export const problem = problems(templateErrors);
