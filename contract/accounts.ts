// Accounts: the WhatsApp identities of a workspace, with their limits, state and counters.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
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

export const limitsSchema = z.strictObject({
  rate: rateSchema.meta({ description: 'At most so many messages in any stretch of so many seconds.' }),
  per_day: count(10_000_000)
    .nullable()
    .meta({ description: 'Messages a calendar day in the account’s time zone; null for no limit.' }),
});

export type Limits = z.infer<typeof limitsSchema>;

const limitsPatch = z.strictObject({ rate: rateSchema.optional(), per_day: limitsSchema.shape.per_day.optional() });

export const createAccountBody = z.strictObject({
  name: textSchema(100),
  channel: z.enum(channels, { error: 'Must be "sandbox".' }),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch.optional(),
});

export const updateAccountBody = z.strictObject({
  name: textSchema(100).optional(),
  time_zone: timeZoneSchema.optional(),
  limits: limitsPatch.optional(),
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
