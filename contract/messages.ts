// Messages: the bodies that send them, the answers that show them, and their lists and statistics.
import { z } from 'zod';
import { timeZoneSchema, windowChoices } from './accounts.ts';
import {
  metadataSchema,
  pageQuery,
  pageSchema,
  rangeRule,
  referenceSchema,
  requestObject,
  shownMetadata,
  storableRule,
  textSchema,
  timeInputSchema,
  timeSchema,
  visibleRule,
} from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { mediaStatuses } from './media.ts';
import { shownTemplate, templateContent } from './template-content.ts';
import { attemptSchema, eventSchema } from './timeline.ts';

const link = z
  .url({ protocol: /^https?$/, error: 'Must be an http or https link.' })
  .max(2048, { error: 'Must have at most 2048 characters.' })
  .refine(...storableRule)
  .meta({ description: 'The link from which WhatsApp downloads the file.' });
const caption = textSchema(1024).meta({ description: 'The text below the file.' });

/** The file of a content: an uploaded file by its id, or a link for the channel. */
const file = { id: idSchema('media').optional(), link: link.optional() };
const named = (content: { id?: string | undefined; link?: string | undefined }) =>
  (content.id === undefined) !== (content.link === undefined);
const oneName = { error: 'Must have exactly one of id and link.' };

/** The content of each type that can be sent, with the field names of Meta's Cloud API. */
export const contentSchemas = {
  text: requestObject({
    body: textSchema(4096)
      .refine(...visibleRule)
      .meta({ description: 'The text of the message.' }),
    preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link in the text.' }),
  }).meta({ id: 'TextContent' }),
  image: requestObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'ImageContent' }),
  video: requestObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'VideoContent' }),
  audio: requestObject({
    ...file,
    voice: z.boolean().optional().meta({
      description: 'True for a voice note. Recado converts its own files to ogg/opus; a link must lead to one.',
    }),
  })
    .refine(named, oneName)
    .meta({ id: 'AudioContent' }),
  document: requestObject({
    ...file,
    caption: caption.optional(),
    filename: textSchema(240).optional().meta({ description: 'The file name that the recipient sees.' }),
  })
    .refine(named, oneName)
    .meta({ id: 'DocumentContent' }),
  sticker: requestObject(file).refine(named, oneName).meta({ id: 'StickerContent' }),
  template: templateContent,
} as const;

export const messageTypes = ['text', 'image', 'video', 'audio', 'document', 'sticker', 'template'] as const;
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
    description: 'The number of the recipient, with + and country code.',
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
    .meta({ description: 'high: for one-time codes. low: for campaigns. Default: normal.' }),
  send_at: timeInputSchema
    .refine(value => Date.parse(value) < Date.now() + year, { error: 'Must be within a year from now.' })
    .optional()
    .meta({
      description: 'Recado does not send the message before this time. It is at most 24 hours ago and a year ahead.',
    }),
  expires_at: timeInputSchema
    .optional()
    .meta({ description: 'Recado does not send the message at or after this time.' }),
  valid_for_seconds: z
    .number({ error: 'Must be a whole number of seconds from 1 to 31536000.' })
    .int({ abort: true })
    .min(1)
    .max(31_536_000)
    .optional()
    .meta({ description: 'How long Recado may send the message, in seconds after acceptance or `send_at`.' }),
  on_unknown: z
    .enum(['hold', 'retry', 'fail'], { error: 'Must be hold, retry or fail.' })
    .optional()
    .meta({ description: 'What Recado does with an unknown outcome. Default: the setting of the account.' }),
  on_window_closed: z.enum(windowChoices, { error: 'Must be reject, hold or send.' }).optional().meta({
    description:
      'What Recado does with a free-form message outside of the 24-hour window. Default: the setting of the account.',
  }),
};

const envelope = {
  ...recipient,
  ...within,
  reference: referenceSchema.optional(),
  metadata: metadataSchema.optional(),
};

/** The example in the documents. */
const exampleContent = { to: '+12025550123', type: 'text', text: { body: 'Your table is ready.' } } as const;
export const exampleMessage = { account_id: idExamples.account, ...exampleContent } as const;

const literal = <Type extends MessageType>(type: Type) =>
  z.literal(type).meta({ description: 'The type of the content.' });

const sharedFields = requestObject(envelope).loose();

const typeOf = (body: unknown): unknown => (body as { type?: unknown } | null | undefined)?.type;
const isType = (value: unknown): boolean => messageTypes.some(type => type === value);
const noType = (body: unknown): string =>
  `${typeOf(body) === undefined ? 'Is missing. ' : ''}Must be one of ${messageTypes.join(', ')}.`;

export const sendMessageBody = z
  .discriminatedUnion(
    'type',
    [
      requestObject({ ...envelope, type: literal('text'), text: contentSchemas.text }).meta({ id: 'SendTextMessage' }),
      requestObject({ ...envelope, type: literal('image'), image: contentSchemas.image }).meta({
        id: 'SendImageMessage',
      }),
      requestObject({ ...envelope, type: literal('video'), video: contentSchemas.video }).meta({
        id: 'SendVideoMessage',
      }),
      requestObject({ ...envelope, type: literal('audio'), audio: contentSchemas.audio }).meta({
        id: 'SendAudioMessage',
      }),
      requestObject({ ...envelope, type: literal('document'), document: contentSchemas.document }).meta({
        id: 'SendDocumentMessage',
      }),
      requestObject({ ...envelope, type: literal('sticker'), sticker: contentSchemas.sticker }).meta({
        id: 'SendStickerMessage',
      }),
      requestObject({ ...envelope, type: literal('template'), template: contentSchemas.template }).meta({
        id: 'SendTemplateMessage',
      }),
    ],
    { error: issue => (issue.code === 'invalid_union' ? noType(issue.input) : undefined) },
  )
  // Without a type there is no shape to check, so check what all shapes share: the answer names all that is missing.
  .superRefine(
    (body, context) => {
      for (const issue of sharedFields.safeParse(body).error?.issues ?? []) context.addIssue({ ...issue });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !isType(typeOf(value)) },
  )
  .meta({ id: 'SendMessage', example: exampleMessage });
export type SendMessageBody = z.infer<typeof sendMessageBody>;

const content = <Content extends z.ZodType>(type: string, schema: Content) =>
  schema.optional().meta({ description: `The content of a message of type ${type}.` });
const asTheChannelSays = z.record(z.string(), z.unknown());

/** The content in answers: for outbound the fields of the request, for inbound the fields of the channel. */
const shownText = z.looseObject({
  body: z.string().meta({ description: 'The text of the message.' }),
  preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link.' }),
});
const shownFile = {
  id: idSchema('media').nullable().meta({ description: 'The id of the file in Recado. Null if there is none.' }),
  link: z
    .string()
    .nullable()
    .meta({ description: 'The link from which WhatsApp downloads the file. Null for a file in Recado.' }),
  media: z
    .strictObject({
      id: idSchema('media'),
      status: z.enum(mediaStatuses).meta({ description: 'The status of the file.' }),
      mime_type: z.string().nullable().meta({ description: 'The media type, detected from the content.' }),
      size: z.number().int().nullable().meta({ description: 'The size in bytes. Null until the file is stored.' }),
      filename: z.string().nullable().meta({ description: 'The file name that the sender gave, made safe.' }),
      error: z
        .strictObject({
          code: z.string().meta({ description: 'Machine-readable code.' }),
          title: z.string().meta({ description: 'The error as text.' }),
        })
        .nullable()
        .meta({ description: 'Why the download failed. Null if it did not.' }),
    })
    .nullable()
    .meta({
      description: 'The file in Recado. Null for a link, for a deleted file, and in the answer to a send.',
    }),
};
const shownCaption = z.string().optional().meta({ description: 'The text below the file.' });
const shownPicture = z.looseObject({ ...shownFile, caption: shownCaption });

/** What a message may be accepted with. */
export const warningCodes = ['window_may_close'] as const;
export type WarningCode = (typeof warningCodes)[number];

const moment = (description: string) => timeSchema.nullable().meta({ description });

const messageStatus = z.enum(statuses).meta({
  id: 'MessageStatus',
  description:
    'The latest status. unknown: Recado called the channel and does not know whether it accepted the message.',
});

const messageFields = {
  id: idSchema('message'),
  account_id: idSchema('account'),
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  direction: z.enum(['outbound', 'inbound']).meta({
    description: 'outbound: to the person. inbound: from the person, or about them (type system).',
  }),
  from: z.string().nullable().meta({ description: 'The number of the sender, with + and country code.' }),
  to: z.string().nullable().meta({ description: 'The number of the recipient, with + and country code.' }),
  type: z.enum([...messageTypes, 'system', 'unsupported']).meta({
    description:
      'The type of the content, and the name of its field. system: from WhatsApp itself. unsupported: any other inbound type.',
  }),
  text: content('text', shownText),
  image: content('image', shownPicture),
  video: content('video', shownPicture),
  audio: content(
    'audio',
    z.looseObject({ ...shownFile, voice: z.boolean().optional().meta({ description: 'True for a voice note.' }) }),
  ),
  document: content(
    'document',
    z.looseObject({
      ...shownFile,
      caption: shownCaption,
      filename: z.string().optional().meta({ description: 'The file name that the recipient sees.' }),
    }),
  ),
  sticker: content('sticker', z.looseObject(shownFile)),
  template: content('template', shownTemplate),
  system: content('system', asTheChannelSays),
  unsupported: content('unsupported', asTheChannelSays),
  context: z
    .looseObject({
      message_id: idSchema('message').nullable().meta({ description: 'The other message in Recado. Null if unknown.' }),
      channel_message_id: z.string().nullable().meta({ description: 'The id of the other message at the channel.' }),
    })
    .nullable()
    .meta({
      description:
        'For inbound: the message that this one answers, deletes or edits, and other fields of the channel like `forwarded`. Null if there is none.',
    }),
  referral: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'The ad or post that brought the person, with the fields of the channel. Null if there is none.',
  }),
  status: messageStatus,
  priority: z.enum(priorities).nullable().meta({ description: 'The priority. Null for an inbound message.' }),
  send_at: moment('Recado does not send the message before this time. Null for no such time.'),
  expires_at: moment('Recado does not send the message at or after this time. Null for no such time.'),
  batch_id: idSchema('batch').nullable().meta({ description: 'The batch of the message. Null if it came alone.' }),
  reference: z.string().nullable().meta({ description: 'Your own name for the message. Null if it has none.' }),
  metadata: shownMetadata,
  warnings: z
    .array(
      z.strictObject({
        code: z.enum(warningCodes).meta({ description: 'Machine-readable code.' }),
        message: z.string().meta({ description: 'What may happen, and what to do about it.' }),
      }),
    )
    .meta({ description: 'What may go wrong with the message, as known when Recado accepted it.' }),
  error: z
    .strictObject({
      code: z.string().meta({ description: 'The error code of the channel or of Recado.', example: '131047' }),
      title: z.string().meta({ description: 'The error as text.' }),
    })
    .nullable()
    .meta({
      description: 'Why the message failed, or why the channel could not forward an inbound message. Null otherwise.',
    }),
  channel_message_id: z
    .string()
    .nullable()
    .meta({ description: 'The id of the message at the channel. Null until it is known.' }),
  created_at: timeSchema.meta({ description: 'The time when Recado accepted or received the message.' }),
  sent_at: moment('The time when the channel accepted it, by the channel’s clock.'),
  delivered_at: moment('The time when it reached the phone, by the channel’s clock.'),
  read_at: moment('The time when the person read it. For inbound: when a caller marked it as read.'),
  failed_at: moment('The time when it failed.'),
};

/** The example answer in the documents. */
const exampleAnswer = {
  id: idExamples.message,
  account_id: idExamples.account,
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  direction: 'outbound',
  from: '+12025550100',
  ...exampleContent,
  context: null,
  referral: null,
  status: 'queued',
  priority: 'normal',
  send_at: null,
  expires_at: null,
  batch_id: null,
  reference: null,
  metadata: {},
  warnings: [],
  error: null,
  channel_message_id: null,
  created_at: '2026-11-24T15:04:05.678Z',
  sent_at: null,
  delivered_at: null,
  read_at: null,
  failed_at: null,
} as const;

export const messageSchema = z.strictObject(messageFields).meta({ id: 'Message', example: exampleAnswer });
export type Message = z.infer<typeof messageSchema>;

export const waitingReasons = [
  'next',
  'storage_full',
  'no_worker',
  'conversation_order',
  'scheduled',
  'rate_limit',
  'daily_limit',
  'new_conversation_limit',
  'window_closed',
  'recipient_limit',
  'quiet_hours',
  'paused',
  'flagged',
  'retry',
  'recipient_throttled',
  'throttled',
  'account_error',
  'file_pending',
  'unknown_outcome',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export const messageDetailsSchema = z
  .strictObject({
    ...messageFields,
    created_by: z
      .strictObject({
        id: z
          .union([idSchema('person'), idSchema('api_key')])
          .meta({ description: 'The id of the person or the API key.' }),
        name: z.string().meta({ description: 'The name of the sender.' }),
      })
      .nullable()
      .meta({ description: 'Who sent the message. Null for an inbound message.' }),
    waiting: z
      .strictObject({
        reason: z.enum(waitingReasons).meta({ description: 'The first reason why the message waits.' }),
        until: timeSchema
          .nullable()
          .meta({ description: 'The time when this reason ends. Null if it does not depend on time.' }),
        ahead: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Number of messages of the account that leave first, counted up to 10,000.' }),
      })
      .nullable()
      .meta({ description: 'Why the message waits. Null if it does not wait.' }),
    events: z.array(eventSchema).meta({ description: 'The timeline of the message.' }),
    attempts: z
      .array(attemptSchema)
      .meta({ description: 'The calls to the channel. Recado stores each before it begins.' }),
  })
  .meta({ id: 'MessageDetails' });
export type MessageDetails = z.infer<typeof messageDetailsSchema>;

const list = <Item extends string>(items: readonly [Item, ...Item[]]) =>
  z
    .string()
    .transform(value => value.split(','))
    .pipe(z.array(z.enum(items, { error: `Must be one or more of ${items.join(', ')}, separated by commas.` })))
    .meta({
      type: 'array',
      minItems: 1,
      items: { type: 'string', enum: items },
      description: 'One or more, separated by commas.',
    });

const timeRange = {
  from: timeInputSchema.optional().meta({ description: 'Only messages created at or after this time.' }),
  until: timeInputSchema.optional().meta({ description: 'Only messages created before this time.' }),
};

export const listMessagesQuery = z
  .strictObject({
    ...pageQuery,
    ...timeRange,
    account_id: idSchema('account').optional(),
    contact_id: idSchema('contact').optional(),
    conversation_id: idSchema('conversation').optional(),
    batch_id: idSchema('batch').optional(),
    direction: z
      .enum(['outbound', 'inbound'])
      .optional()
      .meta({ description: 'Only outbound or only inbound messages.' }),
    type: list([...messageTypes, 'system', 'unsupported']).optional(),
    status: list(statuses).optional(),
    priority: z
      .enum(priorities, { error: 'Must be high, normal or low.' })
      .optional()
      .meta({ description: 'Only outbound messages of this priority.' }),
    error_code: textSchema(100)
      .optional()
      .meta({ description: 'Only messages with this error code; without `status`, only failed ones.' }),
    phone: textSchema(40).optional().meta({ description: 'Only the messages of the contact with this number.' }),
    created_by: z
      .union([idSchema('person'), idSchema('api_key')], {
        error: `Must be the id of a person or an API key, like ${idExamples.person}.`,
      })
      .optional()
      .meta({ description: 'Only the messages that this person or API key sent.' }),
    channel_message_id: textSchema(500)
      .optional()
      .meta({ description: 'Only the message with this id at the channel.' }),
    reference: referenceSchema.optional().meta({ description: 'Only the messages with exactly this reference.' }),
    updated_since: timeInputSchema.optional().meta({
      description: 'Only messages whose timeline has an event at or after this time: new ones and changed ones.',
    }),
    order: z
      .enum(['asc', 'desc'], { error: 'Must be asc or desc.' })
      .optional()
      .meta({ description: 'asc: oldest first. desc: newest first. Default: desc.' }),
  })
  .refine(...rangeRule);
export type ListMessagesQuery = z.infer<typeof listMessagesQuery>;
export const messagePage = pageSchema(messageSchema).meta({ id: 'MessagePage' });

export const statisticsQuery = z
  .strictObject({ ...timeRange, account_id: idSchema('account').optional() })
  .refine(...rangeRule);

const outbound = z.number().int().meta({ description: 'Outbound messages.' });
const inbound = z.number().int().meta({ description: 'Inbound messages that people wrote.' });

export const statisticsSchema = z
  .strictObject({
    from: timeSchema.meta({ description: 'The start of the range, inclusive.' }),
    until: timeSchema.meta({ description: 'The end of the range, exclusive.' }),
    sent: z.number().int().meta({ description: 'Outbound messages that the channel accepted.' }),
    received: z.number().int().meta({ description: 'Inbound messages that people wrote, without system messages.' }),
    by_status: z.record(z.string(), z.number().int()).meta({ description: 'Outbound messages by status.' }),
    by_type: z.record(z.string(), z.strictObject({ outbound, inbound })).meta({ description: 'Messages by type.' }),
    by_day: z
      .array(
        z.strictObject({
          day: z.iso.date().meta({ description: 'The day in UTC.' }),
          outbound,
          inbound,
          failed: z.number().int().meta({ description: 'Outbound messages that failed.' }),
        }),
      )
      .meta({ description: 'Messages by day, without days that have none.' }),
    by_account: z
      .array(z.strictObject({ account_id: idSchema('account'), outbound, inbound }))
      .meta({ description: 'Messages by account.' }),
    delivery_rate: z
      .number()
      .nullable()
      .meta({ description: 'Share of sent messages that were delivered or read, 0 to 1.' }),
    read_rate: z.number().nullable().meta({ description: 'Share of sent messages that were read, 0 to 1.' }),
    failure_rate: z.number().nullable().meta({ description: 'Share of messages with an outcome that failed, 0 to 1.' }),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statisticsSchema>;

export const seriesIntervals = ['hour', 'day'] as const;

export const seriesQuery = z
  .strictObject({
    ...timeRange,
    account_id: idSchema('account').optional(),
    interval: z
      .enum(seriesIntervals, { error: 'Must be hour or day.' })
      .optional()
      .meta({ description: 'The length of a bucket. Default: day.' }),
    time_zone: timeZoneSchema.optional().meta({
      description: 'An IANA time zone for the buckets. Default: that of the account, or UTC without `account_id`.',
    }),
  })
  .refine(...rangeRule);

export const seriesSchema = z
  .strictObject({
    from: timeSchema.meta({ description: 'The start of the range, inclusive.' }),
    until: timeSchema.meta({ description: 'The end of the range, exclusive.' }),
    interval: z.enum(seriesIntervals).meta({ description: 'The length of a bucket.' }),
    time_zone: z.string().meta({ description: 'The time zone of the buckets.' }),
    buckets: z
      .array(
        z.strictObject({
          at: timeSchema.meta({ description: 'The start of the bucket.' }),
          outbound,
          inbound,
          sent: z.number().int().meta({ description: 'Outbound messages that the channel accepted.' }),
          delivered: z.number().int().meta({ description: 'Outbound messages that were delivered or read.' }),
          read: z.number().int().meta({ description: 'Outbound messages that were read.' }),
          failed: z.number().int().meta({ description: 'Outbound messages that failed.' }),
        }),
      )
      .meta({ description: 'Messages by their `created_at`, with buckets that have none, oldest first.' }),
    by_error: z
      .array(
        z.strictObject({
          code: z.string().meta({ description: 'The error code of the channel or of Recado.', example: '131026' }),
          title: z.string().meta({ description: 'The error as text.' }),
          failed: z.number().int().meta({ description: 'Outbound messages that failed with it.' }),
        }),
      )
      .meta({ description: 'The most frequent errors, at most 50.' }),
  })
  .meta({ id: 'MessageSeries' });
export type MessageSeries = z.infer<typeof seriesSchema>;
