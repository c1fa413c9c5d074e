// What channels posted to Recado: the raw webhooks, and the dead letters.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

/** Why an item could not be applied. */
export const deadLetterCodes = [
  'body_unreadable',
  'body_too_complex',
  'item_unreadable',
  'field_unknown',
  'account_unknown',
  'not_storable',
  'more_items',
  'apply_failed',
  'app_unknown',
] as const;
export type DeadLetterCode = (typeof deadLetterCodes)[number];

const codeSchema = z.enum(deadLetterCodes);

const filters = {
  account_id: idSchema('account').optional().meta({ description: 'Only those of this account.' }),
  from: timeInputSchema.optional().meta({ description: 'Only those that arrived at or after this time.' }),
  until: timeInputSchema.optional().meta({ description: 'Only those that arrived before this time.' }),
};

export const listDeadLettersQuery = z
  .strictObject({
    ...pageQuery,
    ...filters,
    error_code: codeSchema.optional().meta({ description: 'Only those with this error.' }),
  })
  .refine(...rangeRule);

export const listRawWebhooksQuery = z.strictObject({ ...pageQuery, ...filters }).refine(...rangeRule);

const letter = {
  id: idSchema('dead_letter'),
  account_id: idSchema('account')
    .nullable()
    .meta({ description: 'The account that it is about. Null if Recado does not know it.' }),
  status: z.enum(['open', 'retrying']).meta({
    description: 'retrying: Recado is processing the webhook again. If that succeeds, the dead letter disappears.',
  }),
  error: z
    .strictObject({
      code: codeSchema.meta({
        description: [
          'body_unreadable: the body is not a notification.',
          'body_too_complex: the body has more than 50,000 values or 50 levels.',
          'item_unreadable: an item lacks something or has an unknown form.',
          'field_unknown: Recado does not process this kind of item.',
          'account_unknown: no account has the number, or belongs to the business.',
          'not_storable: the database rejected the item.',
          'more_items: 100 items of the webhook have dead letters of their own; this one counts the others.',
          'apply_failed: three tries to process the webhook failed.',
          'app_unknown: no app of this name is configured.',
        ].join(' '),
      }),
      title: z.string().meta({ description: 'The error as text.', example: 'no from' }),
    })
    .meta({ description: 'Why Recado could not apply the item.' }),
  item: z.unknown().meta({ description: 'The item, of any type. Null for the whole body, and for `more_items`.' }),
  received_at: timeSchema.meta({ description: 'The time when the webhook arrived.' }),
};

export const deadLetterSchema = z.strictObject(letter).meta({
  id: 'DeadLetter',
  example: {
    id: idExamples.dead_letter,
    account_id: idExamples.account,
    status: 'open',
    error: { code: 'item_unreadable', title: 'no from' },
    item: { id: 'wamid.1', timestamp: '1764000000', type: 'text', text: { body: 'Hi' } },
    received_at: '2026-11-24T15:04:05.678Z',
  },
});

const summary = {
  id: idSchema('raw_webhook'),
  account_id: idSchema('account')
    .nullable()
    .meta({ description: 'The account of the first number in it. Null if Recado does not know it.' }),
  app: z.string().meta({ description: 'The name of the app in the address of the webhook.', example: 'sandbox' }),
  received_at: timeSchema.meta({ description: 'The time when it arrived.' }),
  processed_at: timeSchema
    .nullable()
    .meta({ description: 'The time when Recado processed it. Null while it is processed again.' }),
};

export const rawWebhookSchema = z.strictObject(summary).meta({
  id: 'RawWebhook',
  example: {
    id: idExamples.raw_webhook,
    account_id: idExamples.account,
    app: 'sandbox',
    received_at: '2026-11-24T15:04:05.678Z',
    processed_at: '2026-11-24T15:04:05.690Z',
  },
});

export const rawWebhookDetailsSchema = z
  .strictObject({
    ...summary,
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'The headers that Recado keeps: content-type, user-agent and x-hub-signature-256.' }),
    body: z.string().meta({ description: 'The body as it arrived. Empty after the erasure of a person in it.' }),
    encoding: z.enum(['utf-8', 'base64']).meta({ description: 'base64 if the body is not UTF-8.' }),
  })
  .meta({ id: 'RawWebhookDetails' });

export const deadLetterDetailsSchema = z
  .strictObject({
    ...letter,
    webhook: rawWebhookDetailsSchema
      .nullable()
      .meta({ description: 'The webhook of the item. Null if it is also about accounts that you cannot see.' }),
  })
  .meta({ id: 'DeadLetterDetails' });

export const deadLetterPage = pageSchema(deadLetterSchema).meta({ id: 'DeadLetterPage' });
export const rawWebhookPage = pageSchema(rawWebhookSchema).meta({ id: 'RawWebhookPage' });

export type DeadLetter = z.infer<typeof deadLetterSchema>;
export type DeadLetterDetails = z.infer<typeof deadLetterDetailsSchema>;
export type RawWebhook = z.infer<typeof rawWebhookSchema>;
export type RawWebhookDetails = z.infer<typeof rawWebhookDetailsSchema>;
