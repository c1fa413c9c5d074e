// Before and at the start of a campaign: its outlook, previews and tests.
import { z } from 'zod';
import { newChatsSchema } from '../accounts.ts';
import { requestObject, textSchema, timeSchema } from '../common.ts';
import { moneySchema } from '../cost.ts';
import { idExamples, idSchema } from '../ids.ts';
import { count, tally, whole } from './fields.ts';

export const startCampaignBody = requestObject({
  now: z.boolean().optional().meta({ description: 'Start now, whatever its settings say.', example: true }),
}).meta({ example: {} });

/** The note of a pause or a cancellation. */
export const campaignNoteBody = requestObject({
  note: textSchema(500).optional().meta({ description: 'Why, for the others.', example: 'Wrong shop in the text.' }),
}).meta({ example: { note: 'Wrong shop in the text.' } });

/** What a campaign will cost. */
export const outlookCost = z
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
  .meta({ description: 'What it will cost. Null without a rate card, and where WhatsApp bills nothing.' });

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
    cost: outlookCost,
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
