// The templates that each business account has from the start: that of Meta's test numbers, and two to try out.

/** The components of a template, with Meta's fields. */
export type Components = Record<string, unknown>[];

type Seed = { name: string; category: string; components: Components };

export const seedLanguage = 'en_US';

const otpUrl = 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp';

export const seeds: readonly Seed[] = [
  { name: 'hello_world', category: 'UTILITY', components: [{ type: 'BODY', text: 'Hello World' }] },
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
        buttons: [{ type: 'URL', text: 'Copy code', url: `${otpUrl}{{1}}`, example: [`${otpUrl}123456`] }],
      },
    ],
  },
];
