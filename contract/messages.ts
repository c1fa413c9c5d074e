// Messages: what may be sent, what is shown of each, and how they are listed and counted.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const link = z.url({ protocol: /^https?$/, error: 'Must be an http or https address.' }).max(2048);
const caption = textSchema(1024);

/** The content of each type that can be sent, shaped as in Meta's Cloud API. */
export const contentSchemas = {
  text: z.strictObject({ body: textSchema(4096), preview_url: z.boolean().optional() }),
  image: z.strictObject({ link, caption: caption.optional() }),
  video: z.strictObject({ link, caption: caption.optional() }),
  audio: z.strictObject({ link }),
  document: z.strictObject({ link, caption: caption.optional(), filename: textSchema(240).optional() }),
} as const;

export const messageTypes = ['text', 'image', 'video', 'audio', 'document'] as const;
export type MessageType = (typeof messageTypes)[number];

export const statuses = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
  'played',
  'cancelled',
  'received',
] as const;
export type Status = (typeof statuses)[number];

const envelope = {
  account_id: idSchema('account'),
  to: textSchema(40).meta({
    description: 'The recipient’s number with + and country code.',
    example: '+12025550123',
  }),
};

export const sendMessageBody = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ ...envelope, type: z.literal('text'), text: contentSchemas.text }),
    z.strictObject({ ...envelope, type: z.literal('image'), image: contentSchemas.image }),
    z.strictObject({ ...envelope, type: z.literal('video'), video: contentSchemas.video }),
    z.strictObject({ ...envelope, type: z.literal('audio'), audio: contentSchemas.audio }),
    z.strictObject({ ...envelope, type: z.literal('document'), document: contentSchemas.document }),
  ],
  { error: issue => (issue.code === 'invalid_union' ? `Must be one of ${messageTypes.join(', ')}.` : undefined) },
);
export type SendMessageBody = z.infer<typeof sendMessageBody>;

export const idempotencyHeaders = z.looseObject({
  'idempotency-key': textSchema(255)
    .optional()
    .meta({ description: 'Repeats within 24 hours with the same key and body get the first answer again.' }),
});

const content = z.record(z.string(), z.unknown());

const messageFields = {
  id: idSchema('message'),
  account_id: idSchema('account'),
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  direction: z.enum(['outbound', 'inbound']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  type: z.enum([...messageTypes, 'unsupported']),
  text: content.optional(),
  image: content.optional(),
  video: content.optional(),
  audio: content.optional(),
  document: content.optional(),
  unsupported: content.optional(),
  status: z.enum(statuses),
  error: z.strictObject({ code: z.string(), title: z.string() }).nullable(),
  channel_message_id: z.string().nullable(),
  created_at: timeSchema,
  sent_at: timeSchema.nullable(),
  delivered_at: timeSchema.nullable(),
  read_at: timeSchema.nullable(),
  failed_at: timeSchema.nullable(),
};

export const messageSchema = z.strictObject(messageFields).meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

export const waitingReasons = [
  'in_line',
  'conversation_order',
  'pace',
  'daily_limit',
  'retry',
  'recipient_throttled',
  'throttled',
  'account',
  'receipt',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export const messageDetailsSchema = z
  .strictObject({
    ...messageFields,
    created_by: z.strictObject({ id: idSchema('person'), name: z.string() }).nullable(),
    waiting: z
      .strictObject({
        reason: z.enum(waitingReasons),
        until: timeSchema.nullable().meta({ description: 'Null where it depends on something other than time.' }),
      })
      .nullable(),
    events: z.array(
      z.strictObject({
        number: z.number().int(),
        type: z.string(),
        at: timeSchema,
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    attempts: z.array(
      z.strictObject({
        number: z.number().int(),
        status: z.string(),
        class: z.string().nullable(),
        code: z.string().nullable(),
        title: z.string().nullable(),
        channel_message_id: z.string().nullable(),
        started_at: timeSchema,
        ended_at: timeSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'MessageDetails' });
export type MessageDetails = z.infer<typeof messageDetailsSchema>;

const list = <Item extends string>(items: readonly [Item, ...Item[]]) =>
  z
    .string()
    .transform(value => value.split(','))
    .pipe(z.array(z.enum(items, { error: `Must be one or several of ${items.join(', ')}, with commas between.` })))
    .meta({ description: `One or several, with commas between: ${items.join(', ')}.` });

const timeRange = {
  from: timeInputSchema.optional().meta({ description: 'Created at or after this moment.' }),
  until: timeInputSchema.optional().meta({ description: 'Created before this moment.' }),
};

export const listMessagesQuery = z.strictObject({
  ...pageQuery,
  ...timeRange,
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  conversation_id: idSchema('conversation').optional(),
  direction: z.enum(['outbound', 'inbound']).optional().meta({ description: 'What we sent, or what people wrote.' }),
  type: z
    .enum([...messageTypes, 'unsupported'])
    .optional()
    .meta({ description: 'The type of the content.' }),
  status: list(statuses).optional(),
});
export type ListMessagesQuery = z.infer<typeof listMessagesQuery>;
export const messagePage = pageSchema(messageSchema);

export const statisticsQuery = z.strictObject({ ...timeRange, account_id: idSchema('account').optional() });

export const statisticsSchema = z
  .strictObject({
    from: timeSchema,
    until: timeSchema,
    sent: z.number().int().meta({ description: 'Outbound messages that the channel took.' }),
    received: z.number().int(),
    by_status: z.record(z.string(), z.number().int()).meta({ description: 'Outbound messages by status.' }),
    by_type: z.record(z.string(), z.strictObject({ outbound: z.number().int(), inbound: z.number().int() })),
    by_day: z.array(
      z.strictObject({
        day: z.iso.date(),
        outbound: z.number().int(),
        inbound: z.number().int(),
        failed: z.number().int(),
      }),
    ),
    by_account: z.array(
      z.strictObject({ account_id: idSchema('account'), outbound: z.number().int(), inbound: z.number().int() }),
    ),
    delivery_rate: z.number().nullable().meta({ description: 'Delivered or read, of what was sent; 0 to 1.' }),
    read_rate: z.number().nullable().meta({ description: 'Read, of what was sent; 0 to 1.' }),
    failure_rate: z.number().nullable().meta({ description: 'Failed, of what has an outcome; 0 to 1.' }),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statisticsSchema>;
