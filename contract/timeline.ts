// What is told of a message's way: its events, and its attempts, which are calls to the channel.
import { z } from 'zod';
import { timeSchema } from './common.ts';

/** What is known of an attempt by now. */
export const attemptStatuses = [
  'sending',
  'not_sent',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
  'played',
] as const;
export type AttemptStatus = (typeof attemptStatuses)[number];

/** What a call came to, or why there was none. */
export const attemptClasses = [
  'accepted',
  'not_sent',
  'throttled',
  'recipient_throttled',
  'rejected',
  'account_error',
  'flagged',
  'unknown',
  'released',
  'file_pending',
  'file_expired',
  'expired',
] as const;
export type AttemptClass = (typeof attemptClasses)[number];

/** What a timeline can tell. */
export const eventTypes = [
  'message.scheduled',
  'message.queued',
  'message.sending',
  'message.retry_scheduled',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.played',
  'message.failed',
  'message.unknown',
  'message.held',
  'message.resolved',
  'message.reconciled',
  'message.duplicated',
  'message.undelivered',
  'message.stuck',
  'message.cancelled',
  'message.expired',
  'message.received',
  'media.stored',
  'media.failed',
  'media.expired',
] as const;
export type EventType = (typeof eventTypes)[number];

export const eventSchema = z.strictObject({
  number: z.number().int().meta({ description: 'From 1, without gaps.' }),
  type: z.enum(eventTypes).meta({ description: 'What Recado learned.' }),
  at: timeSchema.meta({ description: 'When Recado learned it.' }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'More of it, by its type.' }),
});

export const attemptSchema = z.strictObject({
  number: z.number().int().meta({ description: 'From 1.' }),
  status: z.enum(attemptStatuses).meta({ description: 'What is known by now: a receipt may have told more.' }),
  class: z
    .enum(attemptClasses)
    .nullable()
    .meta({ description: 'What the call came to; null while it is under way, or where a receipt told first.' }),
  code: z.string().nullable().meta({ description: 'The channel’s code, or one of ours.' }),
  title: z.string().nullable().meta({ description: 'The same in words.' }),
  channel_message_id: z.string().nullable().meta({ description: 'What the channel calls the message.' }),
  started_at: timeSchema.meta({ description: 'When it was written, before the call began.' }),
  ended_at: timeSchema.nullable().meta({ description: 'When the outcome of the call was known.' }),
});
