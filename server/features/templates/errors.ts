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
  template_call_rejected: {
    status: 409,
    title: 'WhatsApp rejects calls about the templates of this business account.',
    remedy: 'See what WhatsApp says in `detail`. Often the access token lacks `whatsapp_business_management`.',
  },
  no_code_template: {
    status: 409,
    title: 'The account has no approved template for one-time codes.',
    remedy: 'Create a template of the category AUTHENTICATION, and wait until WhatsApp approves it.',
  },
} as const satisfies ErrorTable;

export const problem = problems(templateErrors);
