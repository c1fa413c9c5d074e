// The people of a campaign, and why some get no message.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeSchema } from '../common.ts';
import { idSchema } from '../ids.ts';

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
