// Campaigns: one message to many people, each exactly once.
import { z } from 'zod';
import { newChatsSchema } from './accounts.ts';
import { codeActors } from './channel-codes.ts';
import {
  changeBody,
  nameSchema,
  pageQuery,
  pageSchema,
  requestObject,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import { sentContents } from './content/index.ts';
import { moneyInputSchema, moneySchema } from './cost.ts';
import { idExamples, idSchema } from './ids.ts';

export const campaignStates = [
  'draft',
  'scheduled',
  'missed',
  'preparing',
  'running',
  'paused',
  'held',
  'done',
  'cancelled',
] as const;
export type CampaignState = (typeof campaignStates)[number];

/** Why a campaign is held or missed. */
export const campaignReasons = [
  'failed',
  'not_on_whatsapp',
  'spared',
  'opted_out',
  'account_error',
  'quality',
  'template_paused',
  'template_changed',
  'wrong_message',
  'restored',
  'missed_start',
  'account_gone',
  'audience_gone',
  'spend_cap',
] as const;
export type CampaignReason = (typeof campaignReasons)[number];

/** Why a person gets no message of a campaign. */
export const leftOutReasons = [
  'excluded',
  'opted_out',
  'consent_missing',
  'no_number',
  'unreachable',
  'duplicate',
  'value_missing',
  'no_language',
  'frequency_cap',
  'unanswered_cap',
  'recently_limited',
  'country_not_served',
  'control_group',
  'window_closed',
  'erased',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** The fates of recipients of an earlier campaign. */
export const campaignFates = ['sent', 'delivered', 'read', 'not_read', 'replied', 'not_replied', 'failed'] as const;
export type CampaignFate = (typeof campaignFates)[number];

const percent = (most = 100) =>
  z
    .number({ error: `Must be a number of percent from 0 to ${most}.` })
    .min(0, { error: 'Must be at least 0.' })
    .max(most, { error: `Must be at most ${most}.` });
const whole = (min: number, max: number) =>
  z
    .number({ error: `Must be a whole number from ${min} to ${max}.` })
    .int({ error: 'Must be a whole number.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` });

/** The built-in values of a variable. */
export const builtInValues = ['first_name', 'name', 'phone', 'reference', 'language', 'account_name', 'today'] as const;

const variable = requestObject({
  from: z
    .enum(['built_in', 'field', 'column', 'constant'], { error: 'Must be built_in, field, column or constant.' })
    .meta({
      description:
        'Where the value comes from: a built-in, a field of the contact, a kept column of an included import, or a constant.',
    }),
  value: textSchema(1_000).meta({
    description: `The name of the built-in (${builtInValues.join(', ')}), the key of the field or the column, or the constant itself.`,
    example: 'first_name',
  }),
  fallback: textSchema(1_000).optional().meta({
    description: 'The value for people whose own is empty. Without it, they are left out as value_missing.',
  }),
}).meta({ id: 'CampaignVariable' });
export type CampaignVariable = z.infer<typeof variable>;

const variableName = /^[a-z0-9_]{1,40}$/;

/** The types of content that a campaign sends. */
export const campaignTypes = [
  'template',
  'text',
  'image',
  'video',
  'audio',
  'document',
  'location',
  'interactive',
] as const;
export type CampaignType = (typeof campaignTypes)[number];

const message = requestObject({
  type: z.enum(campaignTypes, { error: `Must be one of ${campaignTypes.join(', ')}.` }).meta({
    description: 'The type of the message. Free content needs an open window, except on WhatsApp Web.',
    example: 'template',
  }),
  ...(Object.fromEntries(
    campaignTypes.map(type => [
      type,
      sentContents[type].schema.optional().meta({ description: `The content of a message of type ${type}.` }),
    ]),
  ) as { [Type in CampaignType]: z.ZodOptional<(typeof sentContents)[Type]['schema']> }),
  variables: z
    .record(z.string().regex(variableName, { error: 'Must have 1 to 40 small letters, digits and _.' }), variable)
    .refine(names => Object.keys(names).length <= 100, { error: 'Must have at most 100 variables.' })
    .optional()
    .meta({
      description: 'The values of the placeholders: {{name}} in any text of the content stands for the variable name.',
      example: { first_name: { from: 'built_in', value: 'first_name', fallback: 'friend' } },
    }),
  by_language: z.boolean().optional().meta({
    description: 'Of a template: whether each person gets it in their own language, where it exists. Default: false.',
  }),
  without_language: z.enum(['default', 'leave_out'], { error: 'Must be default or leave_out.' }).optional().meta({
    description: 'With by_language: people of another language get the language of the template (default), or nothing.',
  }),
})
  .refine(body => campaignTypes.every(type => (body[type] !== undefined) === (type === body.type)), {
    error: 'Must have the content of its type, and no other.',
  })
  .meta({ id: 'CampaignMessage' });
export type CampaignMessage = z.infer<typeof message>;

const variantSchema = requestObject({
  share: percent().meta({ description: 'How many percent of the people get this variant.', example: 100 }),
  message: message,
}).meta({ id: 'CampaignVariant' });

const source = requestObject({
  segment_id: idSchema('segment').optional(),
  import_id: idSchema('contact_import').optional(),
  campaign_id: idSchema('campaign').optional(),
  fate: z
    .enum(campaignFates, { error: `Must be one of ${campaignFates.join(', ')}.` })
    .optional()
    .meta({ description: 'With campaign_id: those of its recipients.', example: 'not_read' }),
  contact_ids: z
    .array(idSchema('contact'))
    .min(1, { error: 'Must have at least one contact.' })
    .max(1_000, { error: 'Must have at most 1,000 contacts.' })
    .optional()
    .meta({ description: 'These contacts.', example: [idExamples.contact] }),
})
  .refine(
    each =>
      [each.segment_id, each.import_id, each.campaign_id, each.contact_ids].filter(kind => kind !== undefined)
        .length === 1 && (each.campaign_id === undefined) === (each.fate === undefined),
    { error: 'Must have one of segment_id, import_id, contact_ids, or campaign_id with fate.' },
  )
  .meta({ id: 'CampaignSource' });
export type CampaignSource = z.infer<typeof source>;

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Must be a time like 09:00.' })
  .meta({ example: '09:00' });

const localTime = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/, {
    error: 'Must be a date and time without a zone, like 2026-12-01T10:00.',
  })
  .refine(text => !Number.isNaN(Date.parse(`${text}Z`)) && new Date(`${text}Z`).toISOString().startsWith(text), {
    error: 'Must be a date that exists.',
  });

/** How many people of the last outcomes may have a code before a campaign is held, in percent; null for no rule. */
const ruled = percent().nullable();

/** The most that a campaign may cost. */
const spendCap = moneyInputSchema.refine(text => /[1-9]/.test(text), { error: 'Must be above 0.' }).nullable();

/** The settings of a campaign, in requests and in answers. */
const settings = {
  account_ids: z
    .array(idSchema('account'))
    .max(20, { error: 'Must have at most 20 accounts.' })
    .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat an account.' })
    .meta({
      description: 'The accounts that send it. A person gets it from the one that they talked to last, else by turns.',
      example: [idExamples.account],
    }),
  variants: z
    .array(variantSchema)
    .max(4, { error: 'Must have at most 4 variants.' })
    .meta({ description: 'The message; of several, each person gets the one that their id decides.' }),
  control_share: percent(90).meta({ description: 'How many percent of the people get nothing, for comparison.' }),
  include: z
    .array(source)
    .max(10, { error: 'Must have at most 10 sources.' })
    .meta({ description: 'Who gets it: everybody who is in one of these.' }),
  exclude: z
    .array(source)
    .max(10, { error: 'Must have at most 10 sources.' })
    .meta({ description: 'Who does not get it.' }),
  recipients_at: z.enum(['start', 'schedule'], { error: 'Must be start or schedule.' }).meta({
    description: 'When Recado decides who gets it: as it starts, or as it is scheduled.',
  }),
  start: requestObject({
    at: timeInputSchema
      .optional()
      .meta({ description: 'When it starts. Without at and local: when somebody starts it.' }),
    local: localTime.optional().meta({
      description: 'The date and time at which each person gets it, where they live.',
      example: '2026-12-01T10:00',
    }),
    zone_field: textSchema(40).optional().meta({
      description: 'The key of the field that has the time zone of a person, like Europe/Lisbon.',
    }),
    missed: z.enum(['ask', 'start', 'skip'], { error: 'Must be ask, start or skip.' }).default('ask').meta({
      description: 'What happens if Recado was not running until 15 minutes after the start.',
    }),
  })
    .refine(start => start.at === undefined || start.local === undefined, {
      path: ['local'],
      error: 'Give either at or local, not both.',
    })
    .meta({ description: 'When it starts.' }),
  hours: requestObject({
    from: clockTime.meta({ description: 'Not before this time of the person.' }),
    until: clockTime.meta({ description: 'Not after this time of the person.', example: '20:00' }),
    days: z
      .array(whole(1, 7))
      .min(1, { error: 'Must have at least one day.' })
      .refine(days => new Set(days).size === days.length, { error: 'Must not repeat a day.' })
      .default([1, 2, 3, 4, 5, 6, 7])
      .meta({ description: 'The days of the week, 1 for Monday.', example: [1, 2, 3, 4, 5] }),
  })
    .refine(({ from, until }) => from < until, { path: ['until'], error: 'Must be after from.' })
    .nullable()
    .meta({ description: 'The hours in which people get it, where they live. Null for any.' }),
  waves: requestObject({
    sizes: z
      .array(whole(1, 1_000_000))
      .min(1, { error: 'Must have at least one size.' })
      .max(5, { error: 'Must have at most 5 sizes.' })
      .meta({ description: 'How many people the first waves have. The rest follows.', example: [50, 500] }),
    receipts: percent().default(80).meta({ description: 'A wave is over once this percentage of it has a receipt.' }),
    wait_minutes: whole(1, 1_440).default(15).meta({ description: 'A wave is over after this time at the latest.' }),
  })
    .nullable()
    .meta({ description: 'A few people first. Null: all at once.' }),
  stop_rules: requestObject({
    failed: ruled.default(5).meta({ description: 'Failed, other than by the next two, in percent.' }),
    not_on_whatsapp: ruled.default(15).meta({ description: 'Not on WhatsApp (131026), in percent.' }),
    spared: ruled.default(30).meta({ description: 'Spared by WhatsApp (131049), in percent.' }),
    opted_out: ruled.default(2).meta({ description: 'Opted out, in percent.' }),
    quality: z.enum(['yellow', 'red'], { error: 'Must be yellow or red.' }).default('yellow').meta({
      description: 'Held once the quality of an account falls to this. At red always.',
    }),
    spent: spendCap.default(null).meta({
      description:
        'Held once its messages cost this much, in the currency of the rate card. Null: the cap of campaigns of the workspace. It can be changed while the campaign runs.',
      example: '300',
    }),
  }).meta({ description: 'Of the last 200 outcomes, and at least 50: when Recado holds the campaign.' }),
  rate_per_minute: whole(1, 60_000).nullable().meta({
    description: 'The most messages a minute. Null: as fast as the accounts allow.',
  }),
  daily_share: whole(1, 100).meta({
    description: 'The percent of the daily limits that campaigns may use. Replies and codes have the rest.',
  }),
  caps: requestObject({
    day: whole(1, 100)
      .nullable()
      .default(1)
      .meta({ description: 'The most marketing messages of a person in 24 hours.' }),
    week: whole(1, 100).nullable().default(3).meta({ description: 'In 7 days.' }),
    month: whole(1, 100).nullable().default(8).meta({ description: 'In 30 days.' }),
    unanswered: whole(1, 100).nullable().default(5).meta({
      description: 'The most marketing messages to a person who never answers any.',
    }),
  }).meta({ description: 'Caps for a person, over all campaigns and the API. Null for none. Only for marketing.' }),
  reply_hours: whole(1, 720).meta({
    description: 'For how long the first message of a person counts as a likely reply, in hours.',
  }),
} as const;

const settingsSchema = z.strictObject(settings);
export type CampaignSettings = z.output<typeof settingsSchema>;

/** The settings of a campaign where a request gives none. */
export const campaignDefaults: CampaignSettings = {
  account_ids: [],
  variants: [],
  control_share: 0,
  include: [],
  exclude: [],
  recipients_at: 'start',
  start: settings.start.parse({}),
  hours: null,
  waves: null,
  stop_rules: settings.stop_rules.parse({}),
  rate_per_minute: null,
  daily_share: 80,
  caps: settings.caps.parse({}),
  reply_hours: 72,
};

type Optional = { [Name in keyof typeof settings]: z.ZodOptional<(typeof settings)[Name]> };
const optional = Object.fromEntries(
  Object.entries(settings).map(([field, schema]) => [field, schema.optional()]),
) as Optional;

const name = nameSchema(100).meta({ description: 'The name. Recipients do not see it.', example: 'Book fair weekend' });

export const createCampaignBody = requestObject({ name, ...optional }).meta({
  example: { name: 'Book fair weekend' },
});

/** Settings with all defaults, also those within. */
export const wholeCampaign = (given: Partial<Record<keyof CampaignSettings, unknown>>): CampaignSettings =>
  settingsSchema.parse({ ...campaignDefaults, ...given });
/** The revision that a change is based on. */
export const campaignRevisionHeaders = z.looseObject({
  'if-match': z
    .string()
    .regex(/^"\d{1,9}"$/, { error: 'Must be the revision in double quotes, like "3".' })
    .optional()
    .meta({
      description: 'The `revision` that you changed, in double quotes. Another one is refused with 412.',
      example: '"3"',
    }),
});

export const updateCampaignBody = changeBody({ name: name.optional(), ...optional });

const count = (description: string) => z.number().int().meta({ description });

const countsSchema = z
  .strictObject({
    people: count('People who get it, or were to get it.'),
    left_out: count('People who were left out, each with a reason.'),
    waiting: count('Not begun yet.'),
    sending: count('Under way, or with an unknown outcome.'),
    sent: count('WhatsApp took them, whatever came after that.'),
    delivered: count('Delivered, or read.'),
    read: count('Read.'),
    failed: count('Failed, or refused by Recado.'),
    cancelled: count('Cancelled or expired before they left.'),
    replied: count('People who replied.'),
    opted_out: count('People who opted out because of it.'),
  })
  .meta({ id: 'CampaignCounts' });
export type CampaignCounts = z.infer<typeof countsSchema>;

const who = z
  .strictObject({
    id: z
      .union([idSchema('person'), idSchema('api_key')])
      .meta({ description: 'The id of the person or the API key.' }),
    name: z.string().nullable().meta({ description: 'The name, as far as known.' }),
  })
  .nullable();

export const campaignSchema = z
  .strictObject({
    id: idSchema('campaign'),
    name: z.string().meta({ description: 'The name.', example: 'Book fair weekend' }),
    state: z.enum(campaignStates).meta({ description: 'The state.' }),
    reason: z
      .strictObject({
        code: z.enum(campaignReasons).meta({ description: 'Why it is held or missed.' }),
        detail: z.string().meta({ description: 'The reason with its figures, and the remedy.' }),
        until: timeSchema
          .nullable()
          .meta({ description: 'When it goes on by itself. Null: once somebody resumes it.' }),
      })
      .nullable()
      .meta({ description: 'Null in other states than held and missed.' }),
    note: z.string().nullable().meta({ description: 'What somebody wrote as they paused or cancelled it.' }),
    state_at: timeSchema.meta({ description: 'Since when it has its state.' }),
    revision: z.number().int().meta({ description: 'Goes up with each change. Send it back in `If-Match`.' }),
    ...settings,
    variants: z
      .array(
        z.strictObject({
          share: z.number().meta({ description: 'How many percent of the people get this variant.' }),
          message: z.record(z.string(), z.unknown()).meta({ description: 'The message, as the request had it.' }),
        }),
      )
      .meta({ description: 'The messages.' }),
    counts: countsSchema.nullable().meta({ description: 'Null until its list is prepared.' }),
    progress: z
      .strictObject({
        looked_at: count('Contacts that Recado has looked at for the list.'),
        of: count('Contacts of the workspace.'),
      })
      .nullable()
      .meta({ description: 'Of the list, while Recado prepares it.' }),
    wave: z.number().int().nullable().meta({ description: 'The wave that is being sent, from 1. Null without waves.' }),
    approval: z
      .strictObject({
        needed: z.boolean().meta({ description: 'Whether a second person must approve it.' }),
        asked_by: who.meta({ description: 'Who asked for it.' }),
        asked_at: timeSchema.nullable().meta({ description: 'When.' }),
        approved_by: who.meta({ description: 'Who approved this revision.' }),
        approved_at: timeSchema.nullable().meta({ description: 'When.' }),
      })
      .meta({ description: 'The approval by a second person.' }),
    created_by: who.meta({ description: 'Who created it.' }),
    started_by: who.meta({ description: 'Who started or scheduled it.' }),
    start_at: timeSchema.nullable().meta({ description: 'When it starts, once it is scheduled.' }),
    started_at: timeSchema.nullable().meta({ description: 'When its first message was accepted.' }),
    ended_at: timeSchema.nullable().meta({ description: 'When it was done or cancelled.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change of its settings.' }),
  })
  .meta({ id: 'Campaign' });
export type Campaign = z.infer<typeof campaignSchema>;

const states = z
  .string()
  .transform(text => text.split(','))
  .pipe(z.array(z.enum(campaignStates, { error: `Must be one or more of ${campaignStates.join(', ')}.` })))
  .meta({ type: 'array', minItems: 1, items: { type: 'string', enum: campaignStates } });

export const listCampaignsQuery = z.strictObject({
  ...pageQuery,
  state: states.optional().meta({ description: 'Only campaigns in these states, separated by commas.' }),
});
export const campaignPage = pageSchema(campaignSchema).meta({ id: 'CampaignPage' });

/** The states of one recipient: those of the list, and those of its message. */
export const recipientStates = [
  'left_out',
  'waiting',
  'sending',
  'unknown',
  'sent',
  'delivered',
  'read',
  'failed',
  'cancelled',
  'expired',
  'deleted',
] as const;
export type RecipientState = (typeof recipientStates)[number];

export const recipientSchema = z
  .strictObject({
    contact_id: idSchema('contact'),
    name: z.string().nullable().meta({ description: 'The name of the contact.' }),
    phone: z.string().nullable().meta({ description: 'The number of the contact.' }),
    state: z.enum(recipientStates).meta({ description: 'What became of the person.' }),
    reason: z.string().nullable().meta({
      description: 'Why the person was left out, or the code with which the message failed.',
    }),
    account_id: idSchema('account').nullable().meta({ description: 'The account that sends it.' }),
    variant: z.number().int().nullable().meta({ description: 'The variant, from 0.' }),
    wave: z.number().int().nullable().meta({ description: 'The wave, from 1.' }),
    due_at: timeSchema.nullable().meta({ description: 'Not before this time.' }),
    message_id: idSchema('message').nullable().meta({ description: 'The message, once there is one.' }),
    replied: z.enum(['sure', 'likely']).nullable().meta({
      description: 'sure: the reply quotes the message, or is of its button. likely: it came in time.',
    }),
    reply_message_id: idSchema('message').nullable().meta({ description: 'The reply.' }),
    replied_at: timeSchema.nullable().meta({ description: 'When they replied.' }),
    opted_out_at: timeSchema.nullable().meta({ description: 'When they opted out because of it.' }),
    updated_at: timeSchema.nullable().meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'CampaignRecipient' });
export type CampaignRecipient = z.infer<typeof recipientSchema>;

const recipientFilters = {
  state: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(z.enum(recipientStates, { error: `Must be one or more of ${recipientStates.join(', ')}.` })))
    .meta({ type: 'array', minItems: 1, items: { type: 'string', enum: recipientStates } })
    .optional()
    .meta({ description: 'Only recipients in these states, separated by commas.' }),
  reason: textSchema(100).optional().meta({ description: 'Only this reason, or this code of an error.' }),
  account_id: idSchema('account').optional().meta({ description: 'Only recipients of this account.' }),
  replied: z
    .enum(['sure', 'likely', 'any'], { error: 'Must be sure, likely or any.' })
    .optional()
    .meta({ description: 'Only recipients who replied.' }),
};
export const exportRecipientsQuery = z.strictObject(recipientFilters);
export const listRecipientsQuery = z.strictObject({ ...pageQuery, ...recipientFilters });

export const recipientPage = pageSchema(recipientSchema).meta({ id: 'CampaignRecipientPage' });

export const startCampaignBody = requestObject({
  now: z.boolean().optional().meta({ description: 'Start now, whatever its settings say.', example: true }),
}).meta({ example: {} });

/** The note of a pause or a cancellation. */
export const campaignNoteBody = requestObject({
  note: textSchema(500).optional().meta({ description: 'Why, for the others.', example: 'Wrong shop in the text.' }),
}).meta({ example: { note: 'Wrong shop in the text.' } });

const tally = (description: string) =>
  z
    .array(
      z.strictObject({
        value: z.string().meta({ description: 'The id, the country, the language or the reason.' }),
        people: count('How many people.'),
      }),
    )
    .meta({ description });

/** The outlook of a campaign that starts now. */
export const campaignOutlookSchema = z
  .strictObject({
    complete: z.boolean().meta({
      description: 'Whether Recado looked at the whole audience. Otherwise at as many contacts as five seconds allow.',
    }),
    looked_at: count('Contacts that Recado looked at.'),
    audience: count('People in one of the sources.'),
    people: count('People who would get it.'),
    left_out: tally('People who would be left out, by reason.'),
    by_account: tally('People who would get it, by account.'),
    by_country: tally('The same by country, as ISO codes; empty where no number tells.'),
    by_language: tally('The same by language of the template; empty for other content.'),
    by_variant: tally('The same by variant, from 0.'),
    first_at: timeSchema.nullable().meta({ description: 'When the first message may leave.' }),
    last_at: timeSchema.nullable().meta({ description: 'When the last one leaves, by the limits of the accounts.' }),
    new_conversations: z
      .array(
        z.strictObject({
          account_id: idSchema('account'),
          people: count('People who get it from the account.'),
          left_today: z.number().int().nullable().meta({
            description: 'Messages that the share of its daily limit still allows today. Null without a limit.',
          }),
          strangers: count('People among them who never wrote to the account.'),
          new_chats: newChatsSchema.nullable().meta({
            description: 'The quota of WhatsApp for them, of the channel `web`. Null if WhatsApp names none.',
          }),
        }),
      )
      .meta({ description: 'What the limits of the day allow, by account.' }),
    cost: z
      .strictObject({
        currency: z.string().meta({ description: 'The currency.' }),
        low: moneySchema.meta({
          description: 'If as many are delivered as of the campaigns of the last 90 days. Else as high.',
        }),
        high: moneySchema.meta({ description: 'If everybody gets the message.' }),
        people: count('The people whose messages have a rate.'),
        without_rate: tally('People without a rate, by country: their cost is not known.'),
      })
      .nullable()
      .meta({ description: 'What it will cost. Null without a rate card, and where WhatsApp bills nothing.' }),
    problems: z
      .array(
        z.strictObject({
          field: z.string().meta({ description: 'The field.' }),
          message: z.string().meta({ description: 'What it lacks.' }),
        }),
      )
      .meta({ description: 'What the settings still lack, by field.' }),
  })
  .meta({ id: 'CampaignOutlook' });
export type CampaignOutlook = z.infer<typeof campaignOutlookSchema>;

export const previewPicks = ['first', 'longest', 'emptiest'] as const;
export const campaignPreviewQuery = z.strictObject({
  contact_id: idSchema('contact')
    .optional()
    .meta({ description: 'The person; else one of the first 200 of the audience.' }),
  pick: z.enum(previewPicks, { error: 'Must be first, longest or emptiest.' }).optional().meta({
    description: 'Which of them: the first, the one with the longest text, or with the fewest values of their own.',
  }),
  variant: z
    .string()
    .regex(/^[0-3]$/, { error: 'Must be a number from 0 to 3.' })
    .optional()
    .meta({ description: 'The variant, from 0. Default: that of the person.' }),
});
export const campaignPreviewSchema = z
  .strictObject({
    contact_id: idSchema('contact'),
    name: z.string().nullable().meta({ description: 'The name of the contact.' }),
    variant: z.number().int().nullable().meta({ description: 'The variant, from 0. Null if the person is left out.' }),
    language: z.string().nullable().meta({ description: 'The language of the template.' }),
    account_id: idSchema('account').nullable().meta({ description: 'The account that sends it.' }),
    due_at: timeSchema.nullable().meta({ description: 'When it may leave.' }),
    reason: z.string().nullable().meta({ description: 'Why the person is left out. Null if they get it.' }),
    content: z.record(z.string(), z.unknown()).nullable().meta({
      description: 'The message with the values of the person, as the API takes it. Null if a value is missing.',
    }),
    text: z.string().nullable().meta({ description: 'What the person would read. Null where it cannot be rendered.' }),
    problem: z.string().nullable().meta({ description: 'Why WhatsApp would not take these values.' }),
  })
  .meta({ id: 'CampaignPreview' });
export type CampaignPreview = z.infer<typeof campaignPreviewSchema>;

export const testCampaignBody = requestObject({
  contact_ids: z
    .array(idSchema('contact'))
    .min(1, { error: 'Must have at least one contact.' })
    .max(5, { error: 'Must have at most 5 contacts.' })
    .meta({ description: 'Who gets the test. It does not count for the campaign.', example: [idExamples.contact] }),
  values_of: idSchema('contact').optional().meta({ description: 'Whose values it has. Default: their own.' }),
  variant: whole(0, 3).optional().meta({ description: 'The variant, from 0. Default: the first.', example: 0 }),
}).meta({ example: { contact_ids: [idExamples.contact], variant: 0 } });
export const campaignTestSchema = z
  .strictObject({
    messages: z
      .array(
        z.strictObject({
          contact_id: idSchema('contact'),
          message_id: idSchema('message').nullable().meta({ description: 'The message. Null if it was refused.' }),
          problem: z.string().nullable().meta({ description: 'Why it was refused.' }),
        }),
      )
      .meta({ description: 'One for each contact, in their order.' }),
  })
  .meta({ id: 'CampaignTest' });

const share = (description: string) =>
  z
    .strictObject({
      n: count('How many.'),
      of: count('Of how many.'),
      rate: z.number().nullable().meta({ description: 'n of of, from 0 to 1. Null of none.' }),
      low: z.number().nullable().meta({ description: 'The rate is at least this, with 95 % certainty (Wilson).' }),
      high: z.number().nullable().meta({ description: 'And at most this.' }),
    })
    .meta({ description });

/** The result of a campaign. */
export const campaignResultSchema = z
  .strictObject({
    replies: z
      .strictObject({
        sure: count('Replies that quote the message, or are of its button.'),
        likely: count('First messages of a person in the time for replies.'),
        median_minutes: z.number().nullable().meta({ description: 'Half of the replies came in this time.' }),
      })
      .meta({ description: 'Replies. Opt-outs are none.' }),
    variants: z
      .array(
        z.strictObject({
          variant: z
            .number()
            .int()
            .nullable()
            .meta({ description: 'The variant, from 0. Null for the control group.' }),
          people: count('People of the variant.'),
          delivered: count('Delivered.'),
          read: share('Read, of those delivered.'),
          replied: share('Replied, of those delivered; of the control group those who wrote in the same time.'),
          opted_out: count('Opted out.'),
        }),
      )
      .meta({ description: 'By variant.' }),
    difference: z.boolean().nullable().meta({
      description: 'Whether the rates of replies differ with 95 % certainty. Null with fewer than two variants.',
    }),
    failed: z
      .array(
        z.strictObject({
          code: z.string().meta({ description: 'The code.' }),
          people: count('How many.'),
          who: z.enum(codeActors).nullable().meta({ description: 'Who must act.' }),
          advice: z.string().nullable().meta({ description: 'What to do.' }),
          again: z.enum(['now', 'tomorrow', 'never']).meta({ description: 'Whether trying again may help, and when.' }),
        }),
      )
      .meta({ description: 'Failures by code, the most first.' }),
    left_out: tally('People who were left out, by reason.'),
    minutes: z
      .array(
        z.strictObject({
          at: timeSchema.meta({ description: 'The minute.' }),
          sent: count('Messages that began in this minute.'),
        }),
      )
      .meta({ description: 'Messages by minute, the last 120 minutes that have any.' }),
    waves: z
      .array(
        z.strictObject({
          wave: z.number().int().meta({ description: 'The wave, from 1.' }),
          people: count('Its people.'),
          begun: count('Those with a message.'),
          receipts: count('Those with a receipt or an end.'),
          first_at: timeSchema.nullable().meta({ description: 'Its first message.' }),
          last_at: timeSchema.nullable().meta({ description: 'Its last message.' }),
        }),
      )
      .meta({ description: 'By wave.' }),
    rules: z
      .array(
        z.strictObject({
          rule: z.enum(['failed', 'not_on_whatsapp', 'spared', 'opted_out']).meta({ description: 'The stop rule.' }),
          percent: z.number().meta({ description: 'Of the last outcomes, in percent.' }),
          limit: z.number().nullable().meta({ description: 'The limit, in percent. Null for no rule.' }),
        }),
      )
      .meta({ description: 'The stop rules and the last 200 outcomes.' }),
    outcomes: count('How many outcomes the rules look at.'),
    cost: z
      .strictObject({
        currency: z.string().meta({ description: 'The currency.' }),
        amount: moneySchema.meta({ description: 'What it costs so far, with what is under way.' }),
        estimated: moneySchema.meta({ description: 'Of it, what no receipt has confirmed yet.' }),
        cap: moneySchema.nullable().meta({ description: 'The cap that holds it. Null for none.' }),
        share: z.number().nullable().meta({ description: 'The amount by the cap: 1 holds it. Null without a cap.' }),
      })
      .nullable()
      .meta({ description: 'Null without a rate card.' }),
  })
  .meta({ id: 'CampaignResult' });
export type CampaignResult = z.infer<typeof campaignResultSchema>;

export const retriedSchema = z
  .strictObject({ count: count('Messages that wait again.') })
  .meta({ id: 'CampaignRetried' });

export const campaignSettingsOfWorkspace = z
  .strictObject({
    approval_above: z.number().int().nullable().meta({
      description: 'A second person must approve campaigns for more people than this. Null: none must.',
      example: 1_000,
    }),
  })
  .meta({ id: 'CampaignRules' });
export const updateCampaignRulesBody = changeBody({
  approval_above: whole(0, 1_000_000).nullable().optional().meta({
    description: 'A second person must approve campaigns for more people than this. Null: none must.',
    example: 1_000,
  }),
});
