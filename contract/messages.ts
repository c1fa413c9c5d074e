// Messages: what may be sent, what is shown of each, and how they are listed and counted.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const link = z.url({ protocol: /^https?$/, error: 'Must be an http or https address.' }).max(2048);
const caption = textSchema(1024);

/** A content that carries a file: one that was uploaded, by its id, or one that the channel gets from a link. */
const file = { id: idSchema('media').optional(), link: link.optional() };
const named = (content: { id?: string | undefined; link?: string | undefined }) =>
  (content.id === undefined) !== (content.link === undefined);
const oneName = { error: 'Give exactly one of id, of a file in Recado, and link.' };

/** The content of each type that can be sent, shaped as in Meta's Cloud API. */
export const contentSchemas = {
  text: z.strictObject({ body: textSchema(4096), preview_url: z.boolean().optional() }),
  image: z.strictObject({ ...file, caption: caption.optional() }).refine(named, oneName),
  video: z.strictObject({ ...file, caption: caption.optional() }).refine(named, oneName),
  audio: z
    .strictObject({
      ...file,
      voice: z
        .boolean()
        .optional()
        .meta({ description: 'As a voice note: a file in Recado is made to ogg/opus, a link has to lead to one.' }),
    })
    .refine(named, oneName),
  document: z
    .strictObject({ ...file, caption: caption.optional(), filename: textSchema(240).optional() })
    .refine(named, oneName),
  sticker: z.strictObject(file).refine(named, oneName),
} as const;

export const messageTypes = ['text', 'image', 'video', 'audio', 'document', 'sticker'] as const;
export type MessageType = (typeof messageTypes)[number];

export const statuses = [
  'scheduled',
  'queued',
  'sending',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
  'played',
  'cancelled',
  'expired',
  'received',
] as const;
export type Status = (typeof statuses)[number];

const recipient = {
  account_id: idSchema('account'),
  to: textSchema(40).meta({
    description: 'The recipient’s number with + and country code.',
    example: '+12025550123',
  }),
};

export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

const year = 366 * 86_400_000;
const within = {
  priority: z
    .enum(priorities, { error: 'Must be high, normal or low.' })
    .optional()
    .meta({ description: 'High is for one-time codes, low for campaigns; normal if not given.' }),
  send_at: timeInputSchema
    .refine(value => Date.parse(value) < Date.now() + year, { error: 'Must lie within a year from now.' })
    .optional()
    .meta({ description: 'Not before this moment, at most a year ahead.' }),
  expires_at: timeInputSchema.optional().meta({ description: 'Not sent from this moment on.' }),
  valid_for_s: z
    .number({ error: 'Must be a whole number of seconds.' })
    .int()
    .min(1)
    .max(31_536_000)
    .optional()
    .meta({ description: 'Not sent so many seconds after it was accepted, or after send_at.' }),
  on_unknown: z
    .enum(['hold', 'retry', 'fail'], { error: 'Must be hold, retry or fail.' })
    .optional()
    .meta({ description: 'As the account’s setting, for this message.' }),
};

const envelope = { ...recipient, ...within };

export const sendMessageBody = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ ...envelope, type: z.literal('text'), text: contentSchemas.text }),
    z.strictObject({ ...envelope, type: z.literal('image'), image: contentSchemas.image }),
    z.strictObject({ ...envelope, type: z.literal('video'), video: contentSchemas.video }),
    z.strictObject({ ...envelope, type: z.literal('audio'), audio: contentSchemas.audio }),
    z.strictObject({ ...envelope, type: z.literal('document'), document: contentSchemas.document }),
    z.strictObject({ ...envelope, type: z.literal('sticker'), sticker: contentSchemas.sticker }),
  ],
  { error: issue => (issue.code === 'invalid_union' ? `Must be one of ${messageTypes.join(', ')}.` : undefined) },
);
export type SendMessageBody = z.infer<typeof sendMessageBody>;

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
  sticker: content.optional(),
  unsupported: content.optional(),
  status: z.enum(statuses),
  priority: z.enum(priorities).nullable(),
  send_at: timeSchema.nullable(),
  expires_at: timeSchema.nullable(),
  batch_id: idSchema('batch').nullable(),
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
  'storage_full',
  'no_worker',
  'conversation_order',
  'scheduled',
  'pace',
  'daily_limit',
  'new_conversations',
  'recipient_budget',
  'quiet_hours',
  'paused',
  'danger',
  'retry',
  'recipient_throttled',
  'throttled',
  'account',
  'media',
  'receipt',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export const messageDetailsSchema = z
  .strictObject({
    ...messageFields,
    created_by: z.strictObject({ id: z.union([idSchema('person'), idSchema('api_key')]), name: z.string() }).nullable(),
    waiting: z
      .strictObject({
        reason: z.enum(waitingReasons),
        until: timeSchema.nullable().meta({ description: 'Null where it depends on something other than time.' }),
        ahead: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Messages of the account that leave before; counted to 10,000.' }),
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
  batch_id: idSchema('batch').optional(),
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

const some = {
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  conversation_id: idSchema('conversation').optional(),
  batch_id: idSchema('batch').optional(),
  from: timeInputSchema.optional(),
  until: timeInputSchema.optional(),
};
const narrowed = (value: Record<string, unknown>) => Object.values(value).some(each => each !== undefined);
const narrow = { error: 'Give at least one of the filters, so that not everything is meant by mistake.' };

/** Which waiting messages to cancel. */
export const cancelBody = z.strictObject({ ...some, priority: z.enum(priorities).optional() }).refine(narrowed, narrow);

/** Which failed messages to send again. */
export const retryBody = z.strictObject({ ...some, error_code: textSchema(100).optional() }).refine(narrowed, narrow);

export const resolveBody = z.strictObject({
  resolution: z
    .enum(['sent', 'failed', 'retry'], { error: 'Must be sent, failed or retry.' })
    .meta({ description: 'What you know of it: it arrived; it did not; or send it again, at the risk of a double.' }),
});

export const countSchema = z.strictObject({ messages: z.number().int() });

/** What a retry by filter has queued. */
export const requeuedSchema = z.strictObject({
  messages: z.number().int().meta({ description: 'So many are queued again.' }),
  left: z.number().int().meta({
    description:
      'So many more fit, and were left: the daily limit has no room for them, or there were more than 10,000.',
  }),
});

/** The items are read one by one, so that one that is wrong spoils none of the others. */
export const batchBody = z.strictObject({
  messages: z
    .array(z.unknown())
    .min(1, { error: 'Must hold at least one message.' })
    .max(1_000, { error: 'Must hold at most 1,000 messages.' })
    .meta({ description: 'Up to 1,000 bodies, each as for `POST /api/v1/messages`.' }),
});

const batchFields = {
  id: idSchema('batch'),
  total: z.number().int(),
  accepted: z.number().int(),
  refused: z.number().int(),
  created_at: timeSchema,
};

export const batchAcceptedSchema = z
  .strictObject({
    ...batchFields,
    results: z.array(
      z.strictObject({
        index: z.number().int(),
        status: z.number().int(),
        message: messageSchema.optional(),
        error: z
          .strictObject({
            code: z.string(),
            detail: z.string(),
            errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
          })
          .optional(),
      }),
    ),
  })
  .meta({ id: 'BatchAccepted' });
export type BatchAccepted = z.infer<typeof batchAcceptedSchema>;

export const batchSchema = z
  .strictObject({ ...batchFields, by_status: z.record(z.string(), z.number().int()), done: z.boolean() })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof batchSchema>;
