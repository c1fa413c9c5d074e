// Messages: the bodies that send them, the answers that show them, and their lists and statistics.
import { z } from 'zod';
import { timeZoneSchema, windowChoices } from './accounts.ts';
import { codeActors } from './channel-codes.ts';
import {
  metadataSchema,
  pageQuery,
  pageSchema,
  rangeRule,
  referenceSchema,
  requestObject,
  shownMetadata,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import {
  allMessageTypes,
  type MessageType,
  messageTypes,
  quotedMessage,
  sentContents,
  shownContents,
} from './content/index.ts';
import { reactionsSchema } from './content/reaction.ts';
import { chargeSchema } from './cost.ts';
import { idExamples, idSchema } from './ids.ts';
import { attemptSchema, eventSchema } from './timeline.ts';

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

const recipients = {
  to: textSchema(40).optional().meta({
    description:
      'The number of the recipient, with + and country code. On WhatsApp Web also the id of a contact that hides its number, like 90823412345678@lid.',
    example: '+12025550123',
  }),
  contact_id: idSchema('contact').optional().meta({ description: 'The contact to write to.' }),
  conversation_id: idSchema('conversation').optional().meta({ description: 'The conversation to write in.' }),
  user_id: z
    .string()
    .regex(/^([A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}|\d{5,30}@lid)$/, {
      error: 'Must be a user id of WhatsApp, like US.13491208655302741918, or on WhatsApp Web like 90823412345678@lid.',
    })
    .optional()
    .meta({
      description: 'The business-scoped user id of the recipient, for a person who hides their number.',
      example: 'US.13491208655302741918',
    }),
};
const recipientNames = Object.keys(recipients) as (keyof typeof recipients)[];

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

/** Options for WhatsApp beside the content. */
const sendOptions = requestObject({
  message_activity_sharing: z.boolean({ error: 'Must be true or false.' }).optional().meta({
    description: 'Whether Meta may use what people do with a marketing message. Default: the choice of the business.',
  }),
  recipient_identity_key_hash: textSchema(200).optional().meta({
    description: 'The hash of the identity key that you know of the person. WhatsApp sends only if it is still theirs.',
  }),
})
  .refine(options => Object.keys(options).length > 0, { error: 'Must have at least one option.' })
  .meta({ description: 'Options for WhatsApp beside the content, with its names of fields.', minProperties: 1 });

const envelope = {
  account_id: idSchema('account'),
  ...recipients,
  ...within,
  options: sendOptions.optional(),
  last_seen_id: idSchema('message').or(idSchema('note')).optional().meta({
    description:
      'The newest message or note of the conversation that the writer has seen. If somebody else of you has written a message or a note since, Recado answers 409 `conversation_changed` and sends nothing. Without it Recado does not check.',
    example: idExamples.message,
  }),
  reference: referenceSchema.optional(),
  metadata: metadataSchema.optional(),
};

/** The fields of a message that may quote another one. */
const quoting = { ...envelope, context: quotedMessage.optional() };

/** The example in the documents. */
const exampleContent = { to: '+12025550123', type: 'text', text: { body: 'Your table is ready.' } } as const;
export const exampleMessage = { account_id: idExamples.account, ...exampleContent } as const;

type SentContents = typeof sentContents;
type RequestFields<Type extends MessageType> = (SentContents[Type]['quotes'] extends true
  ? typeof quoting
  : typeof envelope) & { type: z.ZodLiteral<Type> } & { [Field in Type]: SentContents[Field]['schema'] };
type SendRequest = { [Type in MessageType]: z.ZodObject<RequestFields<Type>, z.core.$strict> }[MessageType];

/** The request of each type: what all share, and the content under the name of its type. */
const sendRequests = messageTypes.map(type => {
  const { schema, quotes } = sentContents[type];
  return requestObject({
    ...(quotes ? quoting : envelope),
    type: z.literal(type).meta({ description: 'The type of the content.' }),
    [type]: schema,
  }).meta({ id: `Send${type.charAt(0).toUpperCase()}${type.slice(1)}Message` });
}) as unknown as [SendRequest, ...SendRequest[]];

const sharedFields = requestObject(envelope).loose();

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isGiven = (body: object, name: string) => ((body as Record<string, unknown>)[name] ?? undefined) !== undefined;
const noRecipient = `Is missing. Give one of ${recipientNames.join(', ')}.`;
const typeOf = (body: unknown): unknown => (body as { type?: unknown } | null | undefined)?.type;
const isType = (value: unknown): boolean => messageTypes.some(type => type === value);
const noType = (body: unknown): string =>
  `${typeOf(body) === undefined ? 'Is missing. ' : ''}Must be one of ${messageTypes.join(', ')}.`;

export const sendMessageBody = z
  .discriminatedUnion('type', sendRequests, {
    error: issue => (issue.code === 'invalid_union' ? noType(issue.input) : undefined),
  })
  // Without a type there is no shape to check, so check what all shapes share: the answer names all that is missing.
  .superRefine(
    (body, context) => {
      for (const issue of sharedFields.safeParse(body).error?.issues ?? []) context.addIssue({ ...issue });
    },
    { when: ({ value }) => isObject(value) && !isType(typeOf(value)) },
  )
  // Also beside other errors, so that the answer names all of them.
  .superRefine(
    (body, context) => {
      const [first, ...others] = recipientNames.filter(name => isGiven(body, name));
      if (first === undefined) context.addIssue({ code: 'custom', path: ['to'], message: noRecipient });
      for (const name of others)
        context.addIssue({ code: 'custom', path: [name], message: `Give either ${first} or ${name}, not both.` });
    },
    { when: ({ value }) => isObject(value) },
  )
  .meta({ id: 'SendMessage', example: exampleMessage });
export type SendMessageBody = z.infer<typeof sendMessageBody>;

/** What a message may be accepted with. */
export const warningCodes = ['window_may_close'] as const;
export type WarningCode = (typeof warningCodes)[number];

const moment = (description: string) => timeSchema.nullable().meta({ description });

const messageStatus = z.enum(statuses).meta({
  id: 'MessageStatus',
  description:
    'The latest status. unknown: Recado called the channel and does not know whether it accepted the message.',
});

/** On whose behalf a message went out. */
export const senderFields = {
  campaign_id: idSchema('campaign')
    .nullable()
    .meta({ description: 'The campaign of the message. Null if it has none.' }),
  created_by: z
    .strictObject({
      id: z
        .union([idSchema('person'), idSchema('api_key')])
        .meta({ description: 'The id of the person or the API key.' }),
      name: z.string().meta({ description: 'The current name.' }),
    })
    .nullable()
    .meta({
      description:
        'The person or the API key that sent the message; of a campaign, who started it. Null for an inbound message, for one from the phone, and for one that Recado sent by itself.',
    }),
};

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
  type: z.enum(allMessageTypes).meta({
    description:
      'The type of the content, and the name of its field. system: from WhatsApp itself. unsupported: WhatsApp could not forward it.',
  }),
  ...shownContents,
  context: z
    .looseObject({
      message_id: idSchema('message').nullable().meta({ description: 'The other message in Recado. Null if unknown.' }),
      channel_message_id: z.string().nullable().meta({ description: 'The id of the other message at the channel.' }),
    })
    .nullable()
    .meta({
      description:
        'The message that this one quotes or reacts to, and for inbound other fields of the channel like `forwarded`. Null if there is none.',
    }),
  reactions: reactionsSchema,
  source: z.enum(['phone', 'standby']).nullable().meta({
    description:
      'phone: the business wrote it on its own phone. standby: somebody else had the conversation, such as an agent of WhatsApp, and Recado only listened. Null otherwise.',
  }),
  group: z
    .strictObject({ id: z.string().meta({ description: 'The id of the group at the channel.' }) })
    .nullable()
    .meta({ description: 'The group in which the person wrote. Null outside of groups.' }),
  edited_at: moment('The time when its writer last edited it. The content is the newest that is known.'),
  edit_unknown: z.boolean().meta({
    description:
      'Whether the newest edit could not be read: the writer changed the text, and nobody here knows to what.',
  }),
  versions: z
    .array(
      z.strictObject({
        text: z.string().nullable().meta({ description: 'The text or caption. Null if there was none.' }),
        at: timeSchema.meta({ description: 'When it was written.' }),
      }),
    )
    .meta({ description: 'What it said before its edits, the oldest first. They go with the message.' }),
  revoked_at: moment('The time when its writer deleted it for everybody. Recado keeps the content.'),
  pricing: z
    .strictObject({
      category: z.string().nullable().meta({ description: 'The category, such as service, utility or marketing.' }),
      type: z
        .string()
        .nullable()
        .meta({ description: 'Why it costs something or nothing: `regular`, `free_customer_service`.' }),
      model: z.string().nullable().meta({ description: 'The pricing model, such as PMP.' }),
      billable: z.boolean().nullable().meta({ description: 'Whether WhatsApp charges for it.' }),
      cost: z
        .strictObject({
          amount: z.string().meta({ description: 'A decimal number.' }),
          currency: z.string().meta({ description: 'The code of the currency.' }),
        })
        .nullable()
        .meta({ description: 'The amount that WhatsApp itself names. Null where it names none.' }),
    })
    .nullable()
    .meta({ description: 'What a receipt says of the price. Null until one does.' }),
  conversation_origin: z.string().nullable().meta({
    description: 'What opened the conversation for the price, as the receipt says. Null otherwise.',
    example: 'service',
  }),
  referral: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'The ad or post that brought the person, with the fields of the channel. Null if there is none.',
  }),
  status: messageStatus,
  priority: z.enum(priorities).nullable().meta({ description: 'The priority. Null for an inbound message.' }),
  send_at: moment('Recado does not send the message before this time. Null for no such time.'),
  expires_at: moment('Recado does not send the message at or after this time. Null for no such time.'),
  batch_id: idSchema('batch').nullable().meta({ description: 'The batch of the message. Null if it came alone.' }),
  campaign_id: senderFields.campaign_id,
  options: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: 'Options for WhatsApp beside the content. Null if there are none.' }),
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
      who: z.enum(codeActors).meta({ description: 'Who has to act: the sending program, the operator, and so on.' }),
      advice: z.string().meta({ description: 'What to do, in one sentence.' }),
    })
    .nullable()
    .meta({
      description: 'Why the message failed, or why the channel could not forward an inbound message. Null otherwise.',
    }),
  channel_message_id: z
    .string()
    .nullable()
    .meta({ description: 'The id of the message at the channel. Null until it is known.' }),
  created_by: senderFields.created_by,
  created_at: timeSchema.meta({ description: 'The time when Recado accepted or received the message.' }),
  sent_at: moment('The time when the channel accepted it, by the channel’s clock.'),
  delivered_at: moment('The time when it reached the phone, by the channel’s clock.'),
  read_at: moment('The time when the person read it. For inbound: when a caller marked it as read.'),
  failed_at: moment('The time when it failed.'),
};

/** The example answer in the documents. */
export const shownExample = {
  id: idExamples.message,
  account_id: idExamples.account,
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  direction: 'outbound',
  from: '+12025550100',
  ...exampleContent,
  context: null,
  reactions: [],
  source: null,
  group: null,
  edited_at: null,
  edit_unknown: false,
  versions: [],
  revoked_at: null,
  pricing: null,
  conversation_origin: null,
  referral: null,
  status: 'queued',
  priority: 'normal',
  send_at: null,
  expires_at: null,
  batch_id: null,
  campaign_id: null,
  options: null,
  reference: null,
  metadata: {},
  warnings: [],
  error: null,
  channel_message_id: null,
  created_by: { id: idExamples.person, name: 'Ana Souza' },
  created_at: '2026-11-24T15:04:05.678Z',
  sent_at: null,
  delivered_at: null,
  read_at: null,
  failed_at: null,
} as const;

export const messageSchema = z.strictObject(messageFields).meta({ id: 'Message', example: shownExample });
export type Message = z.infer<typeof messageSchema>;

export const waitingReasons = [
  'next',
  'storage_full',
  'no_worker',
  'reconnecting',
  'not_linked',
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
  'deferred',
  'restricted',
  'throttled',
  'account_error',
  'file_pending',
  'template_paused',
  'campaign_paused',
  'unknown_outcome',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

/** Why a message waits, and its place in the line of its account. */
export const waitingFields = {
  reason: z.enum(waitingReasons).meta({ description: 'The first reason why the message waits.' }),
  until: timeSchema.nullable().meta({
    description:
      'The time when this reason ends; of a rate limit, when the next message leaves. Null if it does not depend on time.',
  }),
  ahead: z.number().int().nullable().meta({
    description:
      'Number of messages of the account that leave first. 10,000 means 10,000 or more. Null if the message is not in line.',
  }),
  expected_at: timeSchema.nullable().meta({
    description:
      'The time when this message leaves, by its place and all limits, if no message comes in before it. Null if that cannot be known.',
  }),
};

export const messageDetailsSchema = z
  .strictObject({
    ...messageFields,
    charge: chargeSchema.nullable().meta({
      description:
        'What it costs. Null if it costs nothing, without a rate card, and for a caller without `cost.read`.',
    }),
    waiting: z
      .strictObject(waitingFields)
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
    type: list(allMessageTypes).optional(),
    status: list(statuses).optional(),
    priority: z
      .enum(priorities, { error: 'Must be high, normal or low.' })
      .optional()
      .meta({ description: 'Only outbound messages of this priority.' }),
    error_code: textSchema(100)
      .optional()
      .meta({ description: 'Only messages with this error code; without `status`, only failed ones.' }),
    waiting_reason: z
      .enum(waitingReasons, { error: 'Must be a reason why messages wait, like rate_limit.' })
      .optional()
      .meta({
        description:
          'Only messages that wait for this reason. Of each account, the first 10,000 that may leave, that stand behind others and that are scheduled are looked at; for `scheduled`, all.',
      }),
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

export const listConversationMessagesQuery = z
  .strictObject({
    ...pageQuery,
    before: idSchema('message')
      .or(idSchema('note'))
      .optional()
      .meta({ description: 'Only messages older than this message or note.' }),
    after: idSchema('message')
      .or(idSchema('note'))
      .optional()
      .meta({ description: 'Only messages newer than this message or note. The list is then oldest first.' }),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    path: ['after'],
    error: 'Give either before or after, not both.',
  });

export const messagePage = pageSchema(messageSchema).meta({ id: 'MessagePage' });

const ofAccount = { ...timeRange, account_id: idSchema('account').optional() };
export const queueErrorsQuery = z.strictObject(ofAccount).refine(...rangeRule);

export const statisticsQuery = z
  .strictObject({
    ...ofAccount,
    contact_id: idSchema('contact').optional().meta({ description: 'Only messages from and to this contact.' }),
    conversation_id: idSchema('conversation').optional().meta({ description: 'Only messages of this conversation.' }),
  })
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
