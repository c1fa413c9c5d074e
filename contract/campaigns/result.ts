// The result of a campaign, and the rules of a workspace for all campaigns.
import { z } from 'zod';
import { codeActors } from '../channel-codes.ts';
import { changeBody, timeSchema } from '../common.ts';
import { moneySchema } from '../cost.ts';
import { count, tally, whole } from './fields.ts';

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
          sent: count('Messages that WhatsApp took in this minute.'),
        }),
      )
      .meta({ description: 'Messages by minute, the last 120 minutes that have any. Deleted messages are in none.' }),
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
