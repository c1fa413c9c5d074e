// A campaign, as answers show it.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from '../common.ts';
import { moneySchema } from '../cost.ts';
import { idSchema } from '../ids.ts';
import { waitingReasons } from '../messages.ts';
import { count } from './fields.ts';
import { campaignSettings } from './settings.ts';

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
  'approval_needed',
] as const;
export type CampaignReason = (typeof campaignReasons)[number];

const countsSchema = z
  .strictObject({
    people: count('People who get it, or were to get it.'),
    left_out: count('People who were left out, each with a reason.'),
    waiting: count('Not begun yet.'),
    sending: count('Under way.'),
    unknown: count('Recado does not know whether WhatsApp took them. `POST /messages/resolve` decides.'),
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

/** A person or an API key, or null. */
export const campaignWho = z
  .strictObject({
    id: z
      .union([idSchema('person'), idSchema('api_key')])
      .meta({ description: 'The id of the person or the API key.' }),
    name: z.string().nullable().meta({ description: 'The name, as far as known.' }),
  })
  .nullable();

/** The most that an approved campaign was estimated to cost. */
export const approvedCost = z.strictObject({
  currency: z.string().meta({ description: 'The currency.' }),
  high: moneySchema.meta({ description: 'If everybody gets the message.' }),
});

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
    ...campaignSettings,
    variants: z
      .array(
        z.strictObject({
          share: z.number().meta({ description: 'How many percent of the people get this variant.' }),
          message: z.record(z.string(), z.unknown()).meta({ description: 'The message, as the request had it.' }),
        }),
      )
      .meta({ description: 'The messages.' }),
    counts: countsSchema.nullable().meta({ description: 'Null until its list is prepared.' }),
    waiting: z
      .strictObject({
        reason: z.enum(waitingReasons).meta({ description: 'The reason, as of the message that would leave first.' }),
        until: timeSchema.nullable().meta({ description: 'When this reason ends. Null: it is not known.' }),
        account_id: idSchema('account').meta({ description: 'The account whose messages wait for it.' }),
        messages: count('How many messages wait in the queue.'),
      })
      .nullable()
      .meta({ description: 'Why no message leaves, while it is running. Null while messages leave.' }),
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
        asked_by: campaignWho.meta({ description: 'Who asked for it.' }),
        asked_at: timeSchema.nullable().meta({ description: 'When.' }),
        approved_by: campaignWho.meta({ description: 'Who approved this revision.' }),
        approved_at: timeSchema.nullable().meta({ description: 'When.' }),
        people: z.number().int().nullable().meta({
          description: 'For how many people it was approved. Null without an approval.',
        }),
        cost: approvedCost.nullable().meta({ description: 'For which cost. Null without an approval or a rate card.' }),
        changed_by: campaignWho.meta({ description: 'Who changed it last, or created it. They may not approve it.' }),
      })
      .meta({ description: 'The approval by a second person.' }),
    created_by: campaignWho.meta({ description: 'Who created it.' }),
    started_by: campaignWho.meta({ description: 'Who started or scheduled it.' }),
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
