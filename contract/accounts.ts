// Accounts: the WhatsApp identities of a workspace, with their limits, state and counters.
import { z } from 'zod';
import { changeBody, nameSchema, pageQuery, pageSchema, shownAsBoolean, storableYear, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const channels = ['sandbox'] as const;
export const accountStatuses = ['connected', 'disconnected', 'needs_attention'] as const;

const timeZoneSchema = z
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
    { error: 'Must be a time zone of the IANA database, like Europe/Lisbon.' },
  )
  .meta({ description: 'A time zone of the IANA database, for its days and quiet hours.', example: 'Europe/Lisbon' });

const count = (max: number) =>
  z
    .number({ error: 'Must be a whole number.' })
    .int({ error: 'Must be a whole number.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(max, { error: `Must be at most ${max}.` });

const rateSchema = z.strictObject({
  messages: count(100_000).meta({ description: 'So many messages,' }),
  seconds: count(86_400).meta({ description: 'in so many seconds.' }),
});

const clockSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Must be a time of day, like 21:30.' })
  .meta({ example: '21:30' });

const jitterRange = 'Must be a whole number from 0 to 600000.';

/** What an account may send, and how fast. */
export const limitsSchema = z.strictObject({
  rate: rateSchema.meta({ description: 'At most so many messages in any stretch of so many seconds.' }),
  per_day: count(10_000_000)
    .nullable()
    .meta({ description: 'Messages a calendar day in the account’s time zone; null for no limit.' }),
  on_limit: z
    .enum(['refuse', 'hold'])
    .meta({ description: 'What the daily limit does not allow is refused when it is posted, or held until midnight.' }),
  new_conversations_per_day: count(10_000_000)
    .nullable()
    .meta({ description: 'Conversations that we open a day, with people who have not written for 24 hours.' }),
  recipient: z
    .strictObject({
      burst: count(10_000).meta({ description: 'So many at once,' }),
      seconds: count(86_400).meta({ description: 'and one back every so many seconds.' }),
    })
    .nullable()
    .meta({ description: 'A bucket for each recipient: so many at once, and one back every so many seconds.' }),
  jitter_ms: z
    .number({ error: jitterRange })
    .int({ abort: true })
    .min(0)
    .max(600_000)
    .meta({ description: 'A gap of a random length up to this between two sends.' }),
  quiet_hours: z
    .strictObject({
      from: clockSchema.meta({ description: 'When they begin.' }),
      until: clockSchema.meta({ description: 'When they end, on the next day where it is earlier than `from`.' }),
    })
    .nullable()
    .meta({ description: 'By the account’s clock; only messages of high priority leave meanwhile.' }),
  warm_up: z
    .strictObject({
      start: z.iso
        .date({ error: 'Must be a day, like 2026-11-24.' })
        .refine(...storableYear)
        .meta({ description: 'The first day.' }),
      first_day: count(1_000_000).meta({ description: 'The limit of that day.' }),
      days: count(365).meta({ description: 'How many days it takes.' }),
    })
    .nullable()
    .meta({ description: 'The daily limit grows from first_day to per_day in so many days.' }),
  max_queued: count(10_000_000).meta({ description: 'More than this is not queued, but refused with queue_full.' }),
  concurrency: count(200).meta({ description: 'Conversations that are served side by side.' }),
});

export type Limits = z.infer<typeof limitsSchema>;

/** What happens when a call fails, or its outcome is not known. */
export const deliverySchema = z.strictObject({
  retry: z
    .strictObject({
      attempts: count(20).meta({ description: 'Calls in all.' }),
      delay_ms: count(3_600_000).meta({ description: 'The first wait, in milliseconds.' }),
    })
    .meta({
      description: 'Calls that provably never reached the channel: so many in all, the wait doubling from delay_ms.',
    }),
  on_unknown: z
    .enum(['hold', 'retry', 'fail'])
    .meta({ description: 'What becomes of an outcome that no receipt has told within the window.' }),
  unknown_window_seconds: count(864_000).meta({ description: 'For how long a receipt is waited for.' }),
  undelivered_after_seconds: count(2_592_000).meta({
    description: 'What was sent and not delivered for so long is reported once.',
  }),
});

export type Delivery = z.infer<typeof deliverySchema>;

const limitsPatch = limitsSchema
  .partial()
  .optional()
  .meta({ description: 'What it may send, and how fast; what is not named stays as it is, or is as by default.' });
const deliveryPatch = deliverySchema.partial().optional().meta({
  description:
    'What happens when a call fails or its outcome is not known; what is not named stays as it is, or is as by default.',
});

export const createAccountBody = z
  .strictObject({
    name: nameSchema(100).meta({ description: 'What you call it.' }),
    channel: z.enum(channels, { error: 'Must be "sandbox".' }).meta({ description: 'How it reaches WhatsApp.' }),
    time_zone: timeZoneSchema.optional(),
    limits: limitsPatch,
    delivery: deliveryPatch,
  })
  .meta({
    example: { name: 'Lisbon', channel: 'sandbox', time_zone: 'Europe/Lisbon', limits: { per_day: 500 } },
  });

export const updateAccountBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'What you call it.' }),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch,
  delivery: deliveryPatch,
});

export const accountSchema = z
  .strictObject({
    id: idSchema('account'),
    name: z.string().meta({ description: 'What you call it.' }),
    channel: z.enum(channels).meta({ description: 'How it reaches WhatsApp.' }),
    phone: z.string().meta({ description: 'The number that people see and write to.' }),
    phone_number_id: z.string().meta({ description: 'What the channel calls the number.' }),
    status: z.enum(accountStatuses).meta({
      description: 'Needs attention: the channel refuses or distrusts it. Disconnected: its channel is not there.',
    }),
    status_reason: z.string().nullable().meta({ description: 'Why it is not connected, for people.' }),
    time_zone: z.string().meta({ description: 'Of the IANA database; its days and quiet hours are of it.' }),
    limits: limitsSchema.meta({ description: 'What it may send, and how fast.' }),
    delivery: deliverySchema.meta({ description: 'What becomes of calls that fail, or whose outcome is not known.' }),
    counters: z
      .strictObject({
        called: z.number().int().meta({ description: 'Messages for which the channel was called.' }),
        received: z.number().int().meta({ description: 'Messages that people wrote to it.' }),
        called_today: z.number().int().meta({ description: 'Of those, what counts for today’s limit.' }),
      })
      .meta({ description: 'Since it was made.' }),
    created_at: timeSchema.meta({ description: 'When it was made.' }),
    updated_at: timeSchema.meta({ description: 'When something of it changed last.' }),
    deleted_at: timeSchema.nullable().meta({ description: 'When it was deleted.' }),
  })
  .meta({ id: 'Account' });

export type Account = z.infer<typeof accountSchema>;

export const accountPage = pageSchema(accountSchema).meta({ id: 'AccountPage' });
export const listAccountsQuery = z.strictObject({
  ...pageQuery,
  deleted: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'The deleted ones, whose messages stay, instead of the others.' }),
});

/** What can hold the whole queue of an account. */
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

/** What waits in an account's queue, and why. */
export const queueSchema = z
  .strictObject({
    queued: z
      .strictObject({
        high: z.number().int().meta({ description: 'Of high priority.' }),
        normal: z.number().int().meta({ description: 'Of normal priority.' }),
        low: z.number().int().meta({ description: 'Of low priority.' }),
      })
      .meta({ description: 'Messages that wait for a call, the first or another.' }),
    scheduled: z.number().int().meta({ description: 'Messages that are not due yet.' }),
    sending: z.number().int().meta({ description: 'Messages for which the channel is being called.' }),
    unknown: z.number().int().meta({ description: 'Messages of which nobody can tell whether the channel took them.' }),
    oldest_seconds: z.number().nullable().meta({ description: 'How long the oldest due message has waited.' }),
    sent_in_window: z.number().int().meta({ description: 'Sent within the stretch of the rate up to now.' }),
    next_send_at: timeSchema
      .nullable()
      .meta({ description: 'When the next message may leave; null for at once, or not by itself.' }),
    hold: z
      .strictObject({
        reason: z.enum(holdReasons).meta({ description: 'In quiet hours, high priority leaves all the same.' }),
        until: timeSchema.nullable().meta({ description: 'Null where somebody has to act.' }),
      })
      .nullable()
      .meta({ description: 'What holds the whole queue; null for nothing.' }),
  })
  .meta({ id: 'AccountQueue' });
export type AccountQueue = z.infer<typeof queueSchema>;
