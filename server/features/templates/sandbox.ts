// The templates that each business account of the Sandbox has from the start. The simulator has the same.
import type { Queryable } from '../../kit/db/database.ts';
import { insertTemplates } from './store.ts';

const templates = [
  {
    name: 'hello_world',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Hello World' }],
  },
  {
    name: 'appointment_reminder',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: 'Hello {{1}}, we remind you of your appointment on {{2}}. Reply to change it.',
        example: { body_text: [['Ana', '25 November, 10:00']] },
      },
    ],
  },
  {
    name: 'one_time_code',
    category: 'AUTHENTICATION',
    components: [
      {
        type: 'BODY',
        text: '*{{1}}* is your verification code. For your security, do not share this code.',
        add_security_recommendation: true,
        example: { body_text: [['123456']] },
      },
      { type: 'FOOTER', text: 'This code expires in 10 minutes.', code_expiration_minutes: 10 },
      {
        type: 'BUTTONS',
        buttons: [
          {
            type: 'URL',
            text: 'Copy code',
            url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}',
            example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'],
          },
        ],
      },
    ],
  },
];

/** Gives a business account of the Sandbox its templates, where it has none. */
export const seedTemplates = (tx: Queryable, workspaceId: string, businessId: string): Promise<void> =>
  insertTemplates(
    tx,
    workspaceId,
    businessId,
    templates.map(template => ({
      ...template,
      channelId: undefined,
      language: 'en_US',
      status: 'APPROVED',
      reason: undefined,
      quality: 'UNKNOWN',
      parameterFormat: 'positional',
    })),
  );
