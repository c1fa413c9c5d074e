// Accounts: the WhatsApp numbers of a workspace, with their limits, status and counters.
import { z } from 'zod';
import { type ChannelName, channelCapabilitiesSchema, channelMeta, channelNames } from './channels.ts';
import {
  changeBody,
  nameSchema,
  pageQuery,
  pageSchema,
  requestObject,
  shownAsBoolean,
  storableYear,
  timeSchema,
} from './common.ts';
import { idSchema } from './ids.ts';
import { linkSchema } from './links.ts';

export const accountStatuses = ['connected', 'paused', 'disconnected', 'needs_attention'] as const;

export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(
    zone => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        return /^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone);
      } catch {
        return false;
      }
    },
    { error: 'Must be an IANA time zone, like Europe/Lisbon.' },
  )
  .meta({ description: 'An IANA time zone. Daily limits and quiet hours use it.', example: 'Europe/Lisbon' });

const count = (max: number) =>
  z
    .number({ error: 'Must be a whole number.' })
    .int({ error: 'Must be a whole number.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(max, { error: `Must be at most ${max}.` });

const rateSchema = z.strictObject({
  messages: count(100_000).meta({ description: 'Number of messages.' }),
  seconds: count(86_400).meta({ description: 'Length of the interval in seconds.' }),
});

const clockSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Must be a time of day, like 21:30.' })
  .meta({ example: '21:30' });

const jitterRange = 'Must be a whole number from 0 to 600000.';

/** The sending limits of an account. */
export const limitsSchema = z.strictObject({
  rate: rateSchema.meta({ description: 'The rate limit: at most this many messages in any interval of this length.' }),
  per_day: count(10_000_000)
    .nullable()
    .meta({ description: 'Messages per calendar day in the account’s time zone. Null for no limit.' }),
  on_limit: z
    .enum(['reject', 'hold'])
    .meta({ description: 'At the daily limit, reject: accept no new messages. hold: keep them until midnight.' }),
  new_conversations_per_day: count(10_000_000).nullable().meta({
    description: 'Conversations opened per day with people who wrote nothing for 24 hours. Null for no limit.',
  }),
  recipient: z
    .strictObject({
      burst: count(10_000).meta({ description: 'Messages that may leave at once.' }),
      seconds: count(86_400).meta({ description: 'Seconds until the recipient may get one more message.' }),
    })
    .nullable()
    .meta({ description: 'A token bucket for each recipient. Null for no limit.' }),
  jitter_ms: z
    .number({ error: jitterRange })
    .int({ abort: true })
    .min(0)
    .max(600_000)
    .meta({ description: 'The longest random gap between two messages, in milliseconds.' }),
  quiet_hours: z
    .strictObject({
      from: clockSchema.meta({ description: 'The start.' }),
      until: clockSchema.meta({ description: 'The end. It is on the next day if it is earlier than `from`.' }),
    })
    .nullable()
    .meta({
      description: 'In these hours of the account’s time zone, only messages of high priority leave. Null for none.',
    }),
  warm_up: z
    .strictObject({
      start: z.iso
        .date({ error: 'Must be a day, like 2026-11-24.' })
        .refine(...storableYear)
        .meta({ description: 'The first day of the warm-up.' }),
      first_day: count(1_000_000).meta({ description: 'The daily limit on the first day.' }),
      days: count(365).meta({ description: 'Length of the warm-up in days.' }),
    })
    .nullable()
    .meta({ description: 'The daily limit grows from `first_day` to `per_day`. Null for no warm-up.' }),
  max_queued: count(10_000_000).meta({
    description: 'The largest queue. Above it, Recado rejects messages with `queue_full`.',
  }),
  concurrency: count(200).meta({ description: 'Number of conversations that Recado sends to in parallel.' }),
});

export type Limits = z.infer<typeof limitsSchema>;

/** What becomes of free-form content while the 24-hour window is closed: rejected, held, or sent for WhatsApp to judge. */
export const windowChoices = ['reject', 'hold', 'send'] as const;
export type WindowChoice = (typeof windowChoices)[number];

/** Whether marketing templates go to the endpoint for marketing. */
export const marketingChoices = ['prefer', 'only', 'off'] as const;
export type MarketingChoice = (typeof marketingChoices)[number];

/** What Recado does when a call to the channel fails, or when its outcome is unknown. */
export const deliverySchema = z.strictObject({
  retry: z
    .strictObject({
      attempts: count(20).meta({ description: 'Total number of attempts.' }),
      delay_ms: count(3_600_000).meta({
        description: 'The first delay in milliseconds. Each further delay is twice as long.',
      }),
    })
    .meta({
      description: 'Retries of calls that certainly did not reach the channel.',
    }),
  on_unknown: z.enum(['hold', 'retry', 'fail']).meta({
    description: 'What Recado does with an unknown outcome when no receipt comes within `unknown_window_seconds`.',
  }),
  unknown_window_seconds: count(864_000).meta({
    description: 'How long Recado waits for a receipt when the outcome is unknown, in seconds.',
  }),
  undelivered_after_seconds: count(2_592_000).meta({
    description: 'Recado reports a message once if it is not delivered this many seconds after sending.',
  }),
  on_template_paused: z.enum(['hold', 'fail'], { error: 'Must be hold or fail.' }).meta({
    description:
      'What happens to queued messages whose template WhatsApp pauses or rejects. hold: they wait until it is approved again. fail: they are sent, and fail.',
  }),
  marketing_endpoint: z.enum(marketingChoices, { error: 'Must be prefer, only or off.' }).meta({
    description:
      "Where marketing templates go. prefer: to Meta's endpoint for marketing messages, and to the plain one if that refuses. only: to that endpoint alone. off: to the plain one.",
  }),
  on_window_closed: z.enum(windowChoices, { error: 'Must be reject, hold or send.' }).meta({
    description:
      'Free-form messages outside of the 24-hour window. reject: answer with `window_closed`. hold: keep them until the person writes. send: let WhatsApp decide.',
  }),
  messaging_account_id: z
    .string()
    .regex(/^\d{1,40}$/, { error: 'Must be the digits of a messaging account of Meta.' })
    .nullable()
    .meta({
      description:
        'The messaging account (WABA) of which the messages are, where the number has several. Recado sends it with each message. Null: the number has one.',
    }),
});

export type Delivery = z.infer<typeof deliverySchema>;

const limitsPatch = requestObject(limitsSchema.partial().shape)
  .optional()
  .meta({ description: 'The sending limits. Absent fields keep their value, or get the default.' });
const deliveryPatch = requestObject(deliverySchema.partial().shape)
  .optional()
  .meta({ description: 'Retries and unknown outcomes. Absent fields keep their value, or get the default.' });

const digits = (name: string, where: string) =>
  z
    .string()
    .regex(/^\d{1,40}$/, { error: `Must be the digits of the ${name}. ${where}` })
    .meta({ description: `The ${name}. ${where}`, example: '106540352242922' });
const secret = (max: number) =>
  z
    .string()
    .min(8, { error: 'Must have at least 8 characters.' })
    .max(max, { error: `Must have at most ${max} characters.` })
    .regex(/^[\x21-\x7e]+$/, { error: 'Must have no spaces, and only ASCII characters.' });

const credentialFields = {
  access_token: secret(2_000).meta({
    description:
      'A permanent access token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`. Never shown.',
    example: 'EAAG0123456789abcdefghijklmnopqrstuvwxyz',
  }),
  app_secret: secret(200).meta({
    description: 'The secret of the app at Meta: App settings > Basic > App secret. Never shown.',
    example: '0123456789abcdef0123456789abcdef',
  }),
  verify_token: secret(200).meta({
    description: 'A text of your choice, with which Meta proves itself when it verifies the webhook URL. Never shown.',
    example: 'a-text-of-your-choice',
  }),
  app_id: digits('App ID', 'App settings > Basic.').optional(),
  pin: z
    .string()
    .regex(/^\d{6}$/, { error: 'Must be six digits.' })
    .optional()
    .meta({
      description:
        'The PIN of the two-step verification of the number. Given, Recado registers the number with it, unless the number is in use in the WhatsApp Business app.',
    }),
};

const cloudIds = {
  phone_number_id: digits('Phone number ID', 'WhatsApp > API setup.'),
  business_account_id: digits('WhatsApp Business Account ID', 'WhatsApp > API setup.'),
};

const newAccount = {
  name: nameSchema(100).meta({ description: 'The name that you give to the account.' }),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch,
  delivery: deliveryPatch,
};

export const createSandboxAccount = requestObject({ channel: z.literal('sandbox').meta(channelMeta), ...newAccount });
export const createCloudAccount = requestObject({
  channel: z.literal('cloud').meta(channelMeta),
  ...newAccount,
  ...cloudIds,
  ...credentialFields,
});
export type CreateCloudAccount = z.infer<typeof createCloudAccount>;
/** An account of WhatsApp Web. `POST /api/v1/accounts/:id/link` links it to a phone. */
export const createWebAccount = requestObject({ channel: z.literal('web').meta(channelMeta), ...newAccount });
export type CreateWebAccount = z.infer<typeof createWebAccount>;

const createBodies = {
  sandbox: createSandboxAccount,
  cloud: createCloudAccount,
  web: createWebAccount,
} satisfies Record<ChannelName, z.ZodObject>;
type CreateBody = (typeof createBodies)[ChannelName];

const oneOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

export const createAccountBody = z
  .discriminatedUnion('channel', Object.values(createBodies) as [CreateBody, ...CreateBody[]], {
    error: `Must be ${oneOf.format(channelNames.map(name => `"${name}"`))}.`,
  })
  .meta({
    example: { name: 'Lisbon', channel: 'sandbox', time_zone: 'Europe/Lisbon', limits: { per_day: 500 } },
  });

/** New credentials of a real account. */
export const changeCredentialsBody = changeBody({
  access_token: credentialFields.access_token.optional(),
  app_secret: credentialFields.app_secret.optional(),
  verify_token: credentialFields.verify_token.optional(),
  pin: credentialFields.pin,
}).meta({ example: { access_token: 'EAAG0123456789abcdefghijklmnopqrstuvwxyz' } });

/** What a new real account can be checked with, before it is created. */
export const checkNewAccountBody = requestObject({
  phone_number_id: cloudIds.phone_number_id,
  business_account_id: cloudIds.business_account_id,
  access_token: credentialFields.access_token,
  app_secret: credentialFields.app_secret,
  app_id: credentialFields.app_id,
}).meta({
  example: {
    phone_number_id: '106540352242922',
    business_account_id: '102290129340398',
    access_token: 'EAAG0123456789abcdefghijklmnopqrstuvwxyz',
    app_secret: '0123456789abcdef0123456789abcdef',
  },
});

/** The credentials for a search of business accounts and numbers, before a real account is created. */
export const findNumbersBody = requestObject({
  access_token: credentialFields.access_token,
  app_secret: credentialFields.app_secret,
  app_id: credentialFields.app_id,
}).meta({
  example: {
    access_token: 'EAAG0123456789abcdefghijklmnopqrstuvwxyz',
    app_secret: '0123456789abcdef0123456789abcdef',
  },
});

/** A check of a real account at Meta. */
export const accountCheckSchema = z
  .strictObject({
    name: z
      .enum(['token', 'scopes', 'app', 'number', 'business_account', 'webhooks', 'registration', 'health'])
      .meta({ description: 'What was checked.' }),
    ok: z.boolean().meta({ description: 'Whether it is as it should be.' }),
    field: z.string().nullable().meta({ description: 'The field of the request to correct. Null if there is none.' }),
    message: z.string().meta({ description: 'Human-readable: what Meta says, and where in its screens to look.' }),
  })
  .meta({ id: 'AccountCheck' });
export type AccountCheck = z.infer<typeof accountCheckSchema>;

export const updateAccountBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'The name that you give to the account.' }),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch,
  delivery: deliveryPatch,
});

const whatsAppSays = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${what}, as WhatsApp names it. Null if it is not known.` });

const healthReasonSchema = z.strictObject({
  entity: z
    .string()
    .meta({ description: 'The kind of thing that has the trouble, such as PHONE_NUMBER, WABA, BUSINESS or APP.' }),
  code: z.string().nullable().meta({ description: 'The code of WhatsApp. Null if it gives none.' }),
  message: z.string().meta({ description: 'Human-readable: why.' }),
  remedy: z.string().nullable().meta({ description: 'Human-readable: the remedy. Null if WhatsApp gives none.' }),
});

/** Where Meta posts webhooks, and which fields do not come. */
export const accountWebhooksSchema = z.strictObject({
  ok: z
    .boolean()
    .meta({ description: 'Whether every field that Recado needs and WhatsApp offers comes to this server.' }),
  callback_url: z
    .string()
    .nullable()
    .meta({ description: 'Where Meta posts the messages of the number. Null if nowhere.' }),
  missing_fields: z
    .array(z.string())
    .meta({ description: 'The fields of webhooks that Recado needs and that do not come.' }),
  message: z.string().meta({ description: 'Human-readable: where webhooks go, and what to do.' }),
});
export type AccountWebhooks = z.infer<typeof accountWebhooksSchema>;

/** WhatsApp's quota of chats with people who never wrote. */
export const newChatsSchema = z.strictObject({
  left: z.number().int().meta({ description: 'How many more people who never wrote may get a message of a campaign.' }),
  resets_at: timeSchema.nullable().meta({ description: 'When a new quota begins. Null if WhatsApp does not say.' }),
});

export const accountSchema = z
  .strictObject({
    id: idSchema('account'),
    name: z.string().meta({ description: 'The name that you give to the account.' }),
    channel: z.enum(channelNames).meta(channelMeta),
    capabilities: channelCapabilitiesSchema.meta({ description: 'The capabilities of its channel.' }),
    phone: z.string().nullable().meta({
      description: 'The phone number that people see and write to. Null for an account of `web` that was never linked.',
    }),
    phone_number_id: z
      .string()
      .meta({ description: 'The id of the number at the channel. For an account of `web`, an id of Recado.' }),
    status: z.enum(accountStatuses).meta({
      description:
        'paused: somebody paused it. needs_attention: the channel rejects or flags the account. disconnected: its channel is unavailable, or no phone is linked.',
    }),
    status_reason: z.string().nullable().meta({ description: 'Human-readable: why the account is not connected.' }),
    time_zone: z.string().meta({ description: 'An IANA time zone. Daily limits and quiet hours use it.' }),
    limits: limitsSchema.meta({ description: 'The sending limits.' }),
    delivery: deliverySchema.meta({ description: 'What Recado does when a call fails or its outcome is unknown.' }),
    effective_limits: z
      .strictObject({
        rate: rateSchema.meta({ description: 'The rate limit in use.' }),
        new_conversations_per_day: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'The limit of new conversations in use. Null for no limit.' }),
      })
      .meta({ description: 'The smaller of your limits and those of WhatsApp for this number.' }),
    new_chats: newChatsSchema.nullable().meta({
      description:
        'The quota of new chats that WhatsApp gives the number. Only of the channel `web`. Null if WhatsApp names none.',
    }),
    business_account_id: z
      .string()
      .nullable()
      .meta({ description: 'The WhatsApp business account that the number belongs to. Null if it is not known yet.' }),
    app_id: z.string().nullable().meta({ description: 'The app at Meta. Only of the channel `cloud`.' }),
    webhook_url: z
      .string()
      .nullable()
      .meta({ description: 'Where Meta posts the webhooks of this app. Only of the channel `cloud`.' }),
    verified_name: whatsAppSays('The display name that people see'),
    name_status: whatsAppSays('The state of the display name, such as APPROVED or DECLINED'),
    quality: whatsAppSays('The quality rating: GREEN, YELLOW, RED or UNKNOWN'),
    throughput: whatsAppSays('The throughput level: STANDARD is 80 messages a second, HIGH is 1,000'),
    messaging_limit: whatsAppSays('The messaging-limit tier of the business, such as TIER_2K'),
    number_status: whatsAppSays('The state of the number, such as CONNECTED, PENDING, RESTRICTED or BANNED'),
    code_verification_status: whatsAppSays('Whether the number was verified by a code: VERIFIED or NOT_VERIFIED'),
    account_mode: whatsAppSays('LIVE or SANDBOX'),
    platform_type: whatsAppSays('Where the number is registered, such as CLOUD_API'),
    is_on_biz_app: z.boolean().nullable().meta({
      description:
        'Whether the number is in use in the WhatsApp Business app too (coexistence). It then sends at most 20 messages a second. Null if it is not known.',
    }),
    health_status: z
      .strictObject({
        can_send_message: z.string().meta({ description: 'AVAILABLE, LIMITED or BLOCKED.' }),
        reasons: z.array(healthReasonSchema).meta({ description: 'Why it is not AVAILABLE.' }),
      })
      .nullable()
      .meta({ description: 'Whether the number can send, as WhatsApp says. Null if it is not known.' }),
    marketing_messages_onboarding_status: whatsAppSays(
      'Whether the business account has signed up for the endpoint of marketing messages',
    ),
    disable_marketing_messages_on_cloud_api: z.boolean().nullable().meta({
      description:
        'Whether the business account takes marketing messages at that endpoint only. Null if it is not known.',
    }),
    token_expires_at: timeSchema.nullable().meta({
      description:
        'When the access token expires. Only of the channel `cloud`. Null for a token without an end, or before the first check.',
    }),
    webhooks: accountWebhooksSchema.nullable().meta({
      description:
        'Whether the webhooks of Meta come to this server. Only of the channel `cloud`. Null before the first check.',
    }),
    checked_at: timeSchema
      .nullable()
      .meta({ description: 'When Recado last read these from WhatsApp. Only of the channel `cloud`.' }),
    counters: z
      .strictObject({
        called: z.number().int().meta({ description: 'Messages that Recado passed to the channel at least once.' }),
        received: z.number().int().meta({ description: 'Messages that people wrote to the account.' }),
        called_today: z.number().int().meta({ description: 'Messages that count toward today’s limit.' }),
      })
      .meta({ description: 'Counters since the creation of the account.' }),
    link: linkSchema.nullable().meta({ description: 'The link to a phone. Null for accounts of other channels.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
    deleted_at: timeSchema.nullable().meta({ description: 'The time of deletion. Null if it was not deleted.' }),
  })
  .meta({ id: 'Account' });

export type Account = z.infer<typeof accountSchema>;

export const accountPage = pageSchema(accountSchema).meta({ id: 'AccountPage' });
export const listAccountsQuery = z.strictObject({
  ...pageQuery,
  deleted: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'true: only deleted accounts. false: only the others, as by default.' }),
});

/** The reasons that stop the whole queue of an account. */
export const holdReasons = [
  'rate_limit',
  'daily_limit',
  'quiet_hours',
  'throttled',
  'account_error',
  'flagged',
  'paused',
] as const;
export type HoldReason = (typeof holdReasons)[number];

/** The queue of an account. */
export const queueSchema = z
  .strictObject({
    queued: z
      .strictObject({
        high: z.number().int().meta({ description: 'Messages of high priority.' }),
        normal: z.number().int().meta({ description: 'Messages of normal priority.' }),
        low: z.number().int().meta({ description: 'Messages of low priority.' }),
      })
      .meta({ description: 'Messages that wait for an attempt.' }),
    scheduled: z.number().int().meta({ description: 'Messages whose `send_at` is in the future.' }),
    sending: z.number().int().meta({ description: 'Messages with an attempt in flight.' }),
    unknown: z.number().int().meta({ description: 'Messages with an unknown outcome.' }),
    oldest_seconds: z
      .number()
      .nullable()
      .meta({ description: 'The age of the oldest due message, in seconds. Null for an empty queue.' }),
    sent_in_window: z.number().int().meta({ description: 'Messages sent in the current interval of the rate limit.' }),
    next_send_at: timeSchema
      .nullable()
      .meta({ description: 'The time when the next message can leave. Null: now, or only after somebody acts.' }),
    hold: z
      .strictObject({
        reason: z
          .enum(holdReasons)
          .meta({ description: 'Why the queue is stopped. In quiet hours, messages of high priority still leave.' }),
        until: timeSchema.nullable().meta({ description: 'The end of the hold. Null if somebody has to act.' }),
      })
      .nullable()
      .meta({ description: 'Why the whole queue is stopped. Null if it is not.' }),
  })
  .meta({ id: 'AccountQueue' });
export type AccountQueue = z.infer<typeof queueSchema>;

/** All checks of a real account. */
export const accountChecksSchema = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether every check passed.' }),
    checks: z.array(accountCheckSchema).meta({ description: 'The checks. A failed one ends those that depend on it.' }),
    account: accountSchema.meta({ description: 'The account, with what WhatsApp says now.' }),
  })
  .meta({ id: 'AccountChecks' });
export type AccountChecks = z.infer<typeof accountChecksSchema>;

const foundNumberSchema = z.strictObject({
  phone_number_id: z.string().meta({ description: 'The id of the number.' }),
  phone: z.string().nullable().meta({ description: 'The phone number. Null if WhatsApp does not say.' }),
  verified_name: whatsAppSays('The display name that people see'),
  quality: whatsAppSays('The quality rating'),
  is_registered: z
    .boolean()
    .nullable()
    .meta({ description: 'Whether the number is registered for the API. If not, a PIN is needed. Null if unknown.' }),
  is_on_biz_app: z.boolean().nullable().meta({
    description: 'Whether the number is in use in the WhatsApp Business app. It then needs no PIN. Null if unknown.',
  }),
  taken: z.boolean().meta({ description: 'Whether an account of this installation has the number.' }),
});

/** The business accounts that a token may use, with their numbers. */
export const foundNumbersSchema = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether the token and the app secret passed every check.' }),
    app_id: z.string().nullable().meta({ description: 'The app that the token is of. Null if it is not known.' }),
    checks: z.array(accountCheckSchema).meta({ description: 'The checks of the token and the app secret.' }),
    business_accounts: z
      .array(
        z.strictObject({
          business_account_id: z.string().meta({ description: 'The id of the business account.' }),
          name: z.string().nullable().meta({ description: 'Its name. Null if WhatsApp does not say.' }),
          error: z
            .string()
            .nullable()
            .meta({ description: 'Human-readable: why its numbers could not be read. Null if they were.' }),
          numbers: z.array(foundNumberSchema).meta({ description: 'Its numbers.' }),
        }),
      )
      .meta({ description: 'Empty where Meta names none. The ids can then be typed.' }),
  })
  .meta({ id: 'FoundNumbers' });
export type FoundNumbers = z.infer<typeof foundNumbersSchema>;

/** The checks of an account that does not exist yet. */
export const newAccountChecksSchema = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether every check passed.' }),
    checks: z.array(accountCheckSchema).meta({ description: 'The checks. A failed one ends those that depend on it.' }),
  })
  .meta({ id: 'NewAccountChecks' });
export type NewAccountChecks = z.infer<typeof newAccountChecksSchema>;
