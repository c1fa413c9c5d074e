// Accounts: the WhatsApp identities of a workspace, with their limits, state and counters.
import { z } from 'zod';
import { changeBody, pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
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
  );

const count = (max: number) =>
  z
    .number({ error: 'Must be a whole number.' })
    .int({ error: 'Must be a whole number.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(max, { error: `Must be at most ${max}.` });

const rateSchema = z.strictObject({ messages: count(100_000), seconds: count(86_400) });

const clockSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Must be a time of day, like 21:30.' })
  .meta({ example: '21:30' });

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
    .strictObject({ burst: count(10_000), seconds: count(86_400) })
    .nullable()
    .meta({ description: 'A bucket for each recipient: so many at once, and one back every so many seconds.' }),
  jitter_ms: z
    .number({ error: 'Must be a whole number.' })
    .int()
    .min(0)
    .max(600_000)
    .meta({ description: 'A gap of a random length up to this between two sends.' }),
  quiet_hours: z
    .strictObject({ from: clockSchema, until: clockSchema })
    .nullable()
    .meta({ description: 'By the account’s clock; only messages of high priority leave meanwhile.' }),
  warm_up: z
    .strictObject({ start: z.iso.date(), first_day: count(1_000_000), days: count(365) })
    .nullable()
    .meta({ description: 'The daily limit grows from first_day to per_day in so many days.' }),
  max_queued: count(10_000_000).meta({ description: 'More than this is not queued, but refused with queue_full.' }),
  concurrency: count(200).meta({ description: 'Conversations that are served side by side.' }),
});

export type Limits = z.infer<typeof limitsSchema>;

/** What happens when a call fails, or its outcome is not known. */
export const deliverySchema = z.strictObject({
  retry: z.strictObject({ attempts: count(20), delay_ms: count(3_600_000) }).meta({
    description: 'Calls that provably never reached the channel: so many in all, the wait doubling from delay_ms.',
  }),
  on_unknown: z
    .enum(['hold', 'retry', 'fail'])
    .meta({ description: 'What becomes of an outcome that no receipt has told within the window.' }),
  unknown_window_seconds: count(864_000),
  undelivered_after_seconds: count(2_592_000).meta({
    description: 'What was sent and not delivered for so long is reported once.',
  }),
});

export type Delivery = z.infer<typeof deliverySchema>;

const limitsPatch = limitsSchema.partial();
const deliveryPatch = deliverySchema.partial();

export const createAccountBody = z.strictObject({
  name: textSchema(100),
  channel: z.enum(channels, { error: 'Must be "sandbox".' }),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch.optional(),
  delivery: deliveryPatch.optional(),
});

export const updateAccountBody = changeBody({
  name: textSchema(100).optional(),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch.optional(),
  delivery: deliveryPatch.optional(),
});

export const accountSchema = z
  .strictObject({
    id: idSchema('account'),
    name: z.string(),
    channel: z.enum(channels),
    phone: z.string().meta({ description: 'The number that people see and write to.' }),
    phone_number_id: z.string().meta({ description: 'What the channel calls the number.' }),
    status: z.enum(accountStatuses),
    status_reason: z.string().nullable(),
    time_zone: z.string(),
    limits: limitsSchema,
    delivery: deliverySchema,
    counters: z.strictObject({
      sent: z.number().int(),
      received: z.number().int(),
      sent_today: z.number().int(),
    }),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Account' });

export type Account = z.infer<typeof accountSchema>;

export const accountPage = pageSchema(accountSchema);
export const listAccountsQuery = z.strictObject(pageQuery);

/** What waits in an account's queue, and why. */
export const queueSchema = z
  .strictObject({
    queued: z.strictObject({ high: z.number().int(), normal: z.number().int(), low: z.number().int() }),
    scheduled: z.number().int(),
    sending: z.number().int(),
    unknown: z.number().int(),
    oldest_seconds: z.number().nullable().meta({ description: 'How long the oldest due message has waited.' }),
    sent_in_window: z.number().int().meta({ description: 'Sent within the stretch of the rate up to now.' }),
    next_send_at: timeSchema
      .nullable()
      .meta({ description: 'When the next message may leave; null for at once, or not by itself.' }),
    hold: z
      .strictObject({ reason: z.string(), until: timeSchema.nullable() })
      .nullable()
      .meta({ description: 'What holds the whole queue, and until when; null until somebody acts.' }),
  })
  .meta({ id: 'AccountQueue' });
export type AccountQueue = z.infer<typeof queueSchema>;
