// The settings of a campaign, in requests and answers.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, textSchema, timeInputSchema } from '../common.ts';
import { sentContents } from '../content/index.ts';
import { moneyInputSchema } from '../cost.ts';
import { idExamples, idSchema } from '../ids.ts';
import { percent, whole } from './fields.ts';

/** The fates of recipients of an earlier campaign. */
export const campaignFates = ['sent', 'delivered', 'read', 'not_read', 'replied', 'not_replied', 'failed'] as const;
export type CampaignFate = (typeof campaignFates)[number];

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
export const campaignSettings = {
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

const settingsSchema = z.strictObject(campaignSettings);
export type CampaignSettings = z.output<typeof settingsSchema>;

/** The settings of a campaign where a request gives none. */
export const campaignDefaults: CampaignSettings = {
  account_ids: [],
  variants: [],
  control_share: 0,
  include: [],
  exclude: [],
  recipients_at: 'start',
  start: campaignSettings.start.parse({}),
  hours: null,
  waves: null,
  stop_rules: campaignSettings.stop_rules.parse({}),
  rate_per_minute: null,
  daily_share: 80,
  caps: campaignSettings.caps.parse({}),
  reply_hours: 72,
};

type Optional = { [Name in keyof typeof campaignSettings]: z.ZodOptional<(typeof campaignSettings)[Name]> };
const optional = Object.fromEntries(
  Object.entries(campaignSettings).map(([field, schema]) => [field, schema.optional()]),
) as Optional;

const name = nameSchema(100).meta({ description: 'The name. Recipients do not see it.', example: 'Book fair weekend' });

export const createCampaignBody = requestObject({ name, ...optional }).meta({
  example: { name: 'Book fair weekend' },
});

/** Settings with all defaults, also those within. */
export const wholeCampaign = (given: Partial<Record<keyof CampaignSettings, unknown>>): CampaignSettings =>
  settingsSchema.parse({ ...campaignDefaults, ...given });

export const updateCampaignBody = changeBody({ name: name.optional(), ...optional });
