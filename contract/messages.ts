// Messages: what may be sent, what is shown of each, and how they are listed and counted.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, storableRule, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { attemptSchema, eventSchema } from './timeline.ts';

const link = z
  .url({ protocol: /^https?$/, error: 'Must be an http or https address.' })
  .max(2048, { error: 'Must have at most 2048 characters.' })
  .refine(...storableRule)
  .meta({ description: 'Where WhatsApp is to fetch the file.' });
const caption = textSchema(1024).meta({ description: 'The text under it.' });

/** A content that carries a file: one that was uploaded, by its id, or one that the channel gets from a link. */
const file = { id: idSchema('media').optional(), link: link.optional() };
const named = (content: { id?: string | undefined; link?: string | undefined }) =>
  (content.id === undefined) !== (content.link === undefined);
const oneName = { error: 'Give exactly one of id, of a file in Recado, and link.' };

/** The content of each type that can be sent, shaped as in Meta's Cloud API. */
export const contentSchemas = {
  text: z
    .strictObject({
      body: textSchema(4096).meta({ description: 'What it says.' }),
      preview_url: z
        .boolean()
        .optional()
        .meta({ description: 'Whether WhatsApp shows what the first link in it leads to.' }),
    })
    .meta({ id: 'TextContent' }),
  image: z
    .strictObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'ImageContent' }),
  video: z
    .strictObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'VideoContent' }),
  audio: z
    .strictObject({
      ...file,
      voice: z
        .boolean()
        .optional()
        .meta({ description: 'As a voice note: a file in Recado is made to ogg/opus, a link has to lead to one.' }),
    })
    .refine(named, oneName)
    .meta({ id: 'AudioContent' }),
  document: z
    .strictObject({
      ...file,
      caption: caption.optional(),
      filename: textSchema(240).optional().meta({ description: 'What the recipient sees it called.' }),
    })
    .refine(named, oneName)
    .meta({ id: 'DocumentContent' }),
  sticker: z.strictObject(file).refine(named, oneName).meta({ id: 'StickerContent' }),
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
    .meta({
      description: 'Not before this moment, at most a year ahead. Up to 24 hours ago is now; older is refused.',
    }),
  expires_at: timeInputSchema.optional().meta({ description: 'Not sent from this moment on.' }),
  valid_for_seconds: z
    .number({ error: 'Must be a whole number of seconds from 1 to 31536000.' })
    .int({ abort: true })
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

/** What the documents show. */
const exampleContent = { to: '+12025550123', type: 'text', text: { body: 'Your table is ready.' } } as const;
export const exampleMessage = { account_id: idExamples.account, ...exampleContent } as const;

const literal = <Type extends MessageType>(type: Type) =>
  z.literal(type).meta({ description: 'The type of the content.' });

export const sendMessageBody = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ ...envelope, type: literal('text'), text: contentSchemas.text }).meta({ id: 'SendTextMessage' }),
      z
        .strictObject({ ...envelope, type: literal('image'), image: contentSchemas.image })
        .meta({ id: 'SendImageMessage' }),
      z
        .strictObject({ ...envelope, type: literal('video'), video: contentSchemas.video })
        .meta({ id: 'SendVideoMessage' }),
      z
        .strictObject({ ...envelope, type: literal('audio'), audio: contentSchemas.audio })
        .meta({ id: 'SendAudioMessage' }),
      z
        .strictObject({ ...envelope, type: literal('document'), document: contentSchemas.document })
        .meta({ id: 'SendDocumentMessage' }),
      z
        .strictObject({ ...envelope, type: literal('sticker'), sticker: contentSchemas.sticker })
        .meta({ id: 'SendStickerMessage' }),
    ],
    { error: issue => (issue.code === 'invalid_union' ? `Must be one of ${messageTypes.join(', ')}.` : undefined) },
  )
  .meta({ id: 'SendMessage', example: exampleMessage });
export type SendMessageBody = z.infer<typeof sendMessageBody>;

const content = <Content extends z.ZodType>(type: string, schema: Content) =>
  schema.optional().meta({ description: `The content, where the type is ${type}.` });
const inChannelsWords = z.record(z.string(), z.unknown());

/** Of a message that was sent, what was given; of one that was received, what the channel says, with the file as it is here. */
const shownText = z.looseObject({
  body: z.string().meta({ description: 'What it says.' }),
  preview_url: z.boolean().optional().meta({ description: 'As it was given.' }),
});
const shownFile = {
  id: idSchema('media').optional(),
  link: z.string().optional().meta({ description: 'As it was given.' }),
  media: z
    .strictObject({
      id: idSchema('media'),
      status: z.string().meta({ description: 'pending, stored, failed or expired, as of the file.' }),
      mime_type: z.string().nullable().meta({ description: 'As its bytes say.' }),
      size: z.number().int().nullable().meta({ description: 'Bytes; null until it is here.' }),
      file_name: z.string().nullable().meta({ description: 'What its sender called it, made harmless.' }),
      error: z
        .strictObject({
          code: z.string().meta({ description: 'What programs go by.' }),
          title: z.string().meta({ description: 'The same for people.' }),
        })
        .optional()
        .meta({ description: 'Why it did not come yet, or at all.' }),
    })
    .nullable()
    .optional()
    .meta({ description: 'The file of a received message; null where it is not here any more.' }),
};
const shownCaption = z.string().optional().meta({ description: 'The text under it.' });
const shownPicture = z.looseObject({ ...shownFile, caption: shownCaption });

const moment = (description: string) => timeSchema.nullable().meta({ description });

const messageStatus = z.enum(statuses).meta({
  id: 'MessageStatus',
  description:
    'What is known by now. Unknown: the channel was called, and nobody can tell whether it took the message.',
});

const messageFields = {
  id: idSchema('message'),
  account_id: idSchema('account'),
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  direction: z.enum(['outbound', 'inbound']).meta({
    description: 'Outbound: we sent it. Inbound: the person wrote, or the channel tells of them (type system).',
  }),
  from: z.string().nullable().meta({ description: 'The number of the sender, with + and country code.' }),
  to: z.string().nullable().meta({ description: 'The number of the recipient, with + and country code.' }),
  type: z.enum([...messageTypes, 'system', 'unsupported']).meta({
    description:
      'What it carries; the content stands under this name. System: nobody wrote it, the channel tells something of the person. Unsupported: any other type that is received only.',
  }),
  text: content('text', shownText),
  image: content('image', shownPicture),
  video: content('video', shownPicture),
  audio: content(
    'audio',
    z.looseObject({ ...shownFile, voice: z.boolean().optional().meta({ description: 'Whether it is a voice note.' }) }),
  ),
  document: content(
    'document',
    z.looseObject({
      ...shownFile,
      caption: shownCaption,
      filename: z.string().optional().meta({ description: 'What it is called.' }),
    }),
  ),
  sticker: content('sticker', z.looseObject(shownFile)),
  system: content('system', inChannelsWords),
  unsupported: content('unsupported', inChannelsWords),
  context: z
    .looseObject({
      message_id: idSchema('message').nullable().meta({ description: 'The message here; null where there is none.' }),
      channel_message_id: z.string().nullable().meta({ description: 'What the channel calls that message.' }),
    })
    .nullable()
    .meta({
      description:
        'Of an inbound one, the message that it answers, or whose button was tapped. Whatever else the channel says of it, such as forwarded, stands beside in its own words. Null where it says nothing.',
    }),
  referral: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'The ad or post that led the person here, in the words of the channel; null where it names none.',
  }),
  status: messageStatus,
  priority: z.enum(priorities).nullable().meta({ description: 'Null for an inbound message.' }),
  send_at: moment('The moment before which it does not leave; null for at once.'),
  expires_at: moment('The moment from which on it is not sent any more.'),
  batch_id: idSchema('batch').nullable().meta({ description: 'The batch that it was sent with.' }),
  error: z
    .strictObject({
      code: z.string().meta({ description: 'The channel’s code, or one of ours.', example: '131047' }),
      title: z.string().meta({ description: 'The same in words.' }),
    })
    .nullable()
    .meta({
      description: 'Why it failed; of an inbound one, what the channel says it could not hand on. Null for neither.',
    }),
  channel_message_id: z.string().nullable().meta({ description: 'What the channel calls it, once that is known.' }),
  created_at: timeSchema.meta({ description: 'When it was accepted, or received.' }),
  sent_at: moment('When the channel took it, by the channel’s clock.'),
  delivered_at: moment('When it reached the phone, by the channel’s clock.'),
  read_at: moment('When the person read it, by the channel’s clock; of an inbound one, when we marked it as read.'),
  failed_at: moment('When it failed.'),
};

/** What the documents show as the answer to it. */
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
        id: z.union([idSchema('person'), idSchema('api_key')]).meta({ description: 'The person or the API key.' }),
        name: z.string().meta({ description: 'What they are called.' }),
      })
      .nullable()
      .meta({ description: 'Who sent it; null for an inbound message.' }),
    waiting: z
      .strictObject({
        reason: z.enum(waitingReasons).meta({ description: 'The first thing that is in its way.' }),
        until: timeSchema.nullable().meta({ description: 'Null where it depends on something other than time.' }),
        ahead: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Messages of the account that leave before; counted to 10,000.' }),
      })
      .nullable()
      .meta({ description: 'Why it has not left; null where it has, or never will.' }),
    events: z.array(eventSchema).meta({ description: 'The timeline.' }),
    attempts: z.array(attemptSchema).meta({ description: 'The calls to the channel, each written before it began.' }),
  })
  .meta({ id: 'MessageDetails' });
export type MessageDetails = z.infer<typeof messageDetailsSchema>;

const list = <Item extends string>(items: readonly [Item, ...Item[]]) =>
  z
    .string()
    .transform(value => value.split(','))
    .pipe(z.array(z.enum(items, { error: `Must be one or several of ${items.join(', ')}, with commas between.` })))
    .meta({
      type: 'array',
      minItems: 1,
      items: { type: 'string', enum: items },
      description: 'One or several, with commas between.',
    });

const timeRange = {
  from: timeInputSchema.optional().meta({ description: 'Created at or after this moment.' }),
  until: timeInputSchema.optional().meta({ description: 'Created before this moment.' }),
};

export const listMessagesQuery = z
  .strictObject({
    ...pageQuery,
    ...timeRange,
    account_id: idSchema('account').optional(),
    contact_id: idSchema('contact').optional(),
    conversation_id: idSchema('conversation').optional(),
    batch_id: idSchema('batch').optional(),
    direction: z.enum(['outbound', 'inbound']).optional().meta({ description: 'What we sent, or what people wrote.' }),
    type: z
      .enum([...messageTypes, 'system', 'unsupported'])
      .optional()
      .meta({ description: 'The type of the content.' }),
    status: list(statuses).optional(),
  })
  .refine(...rangeRule);
export type ListMessagesQuery = z.infer<typeof listMessagesQuery>;
export const messagePage = pageSchema(messageSchema).meta({ id: 'MessagePage' });

export const statisticsQuery = z
  .strictObject({ ...timeRange, account_id: idSchema('account').optional() })
  .refine(...rangeRule);

const outbound = z.number().int().meta({ description: 'Messages to people.' });
const inbound = z.number().int().meta({ description: 'Messages that people wrote.' });

export const statisticsSchema = z
  .strictObject({
    from: timeSchema.meta({ description: 'Where the range begins, inclusive.' }),
    until: timeSchema.meta({ description: 'Where it ends, exclusive.' }),
    sent: z.number().int().meta({ description: 'Outbound messages that the channel took.' }),
    received: z.number().int().meta({ description: 'Messages that people wrote; system messages are none.' }),
    by_status: z.record(z.string(), z.number().int()).meta({ description: 'Outbound messages by status.' }),
    by_type: z.record(z.string(), z.strictObject({ outbound, inbound })).meta({ description: 'Messages by type.' }),
    by_day: z
      .array(
        z.strictObject({
          day: z.iso.date().meta({ description: 'The day in UTC.' }),
          outbound,
          inbound,
          failed: z.number().int().meta({ description: 'Of the outbound ones.' }),
        }),
      )
      .meta({ description: 'Messages by day; a day without any is left out.' }),
    by_account: z
      .array(z.strictObject({ account_id: idSchema('account'), outbound, inbound }))
      .meta({ description: 'Messages by account.' }),
    delivery_rate: z.number().nullable().meta({ description: 'Delivered or read, of what was sent; 0 to 1.' }),
    read_rate: z.number().nullable().meta({ description: 'Read, of what was sent; 0 to 1.' }),
    failure_rate: z.number().nullable().meta({ description: 'Failed, of what has an outcome; 0 to 1.' }),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statisticsSchema>;
