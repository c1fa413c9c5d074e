// The timeline of a message: its events, and its attempts (calls to the channel).
import { z } from 'zod';
import { timeSchema } from './common.ts';

/** The status of an attempt. */
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

/** The result of an attempt. */
export const attemptClasses = [
  'accepted',
  'not_sent',
  'unavailable',
  'throttled',
  'recipient_throttled',
  'deferred',
  'templates_restricted',
  'marketing_restricted',
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

/** The types of events. */
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
  'message.imported',
  'message.standby',
  'message.edited',
  'message.revoked',
  'message.call_updated',
  'media.stored',
  'media.failed',
  'media.expired',
] as const;
export type EventType = (typeof eventTypes)[number];

export const eventSchema = z.strictObject({
  number: z.number().int().meta({ description: 'The position in the timeline: 1, 2, 3 and so on.' }),
  type: z.enum(eventTypes).meta({ description: 'The type of the event.' }),
  at: timeSchema.meta({ description: 'The time when Recado recorded the event.' }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'More data, depending on the type.' }),
});

export const attemptSchema = z.strictObject({
  number: z.number().int().meta({ description: 'The number of the attempt, from 1.' }),
  status: z.enum(attemptStatuses).meta({ description: 'The latest status. A receipt can change it.' }),
  class: z
    .enum(attemptClasses)
    .nullable()
    .meta({ description: 'The result of the call. Null while it is in flight, or if a receipt came first.' }),
  code: z.string().nullable().meta({
    description:
      'The error code of the channel or of Recado. After an accepted call, what WhatsApp does with the message first: held_for_quality_assessment or paused.',
  }),
  title: z.string().nullable().meta({ description: 'The error as text.' }),
  channel_message_id: z.string().nullable().meta({ description: 'The id of the message at the channel.' }),
  started_at: timeSchema.meta({ description: 'The time when Recado stored the attempt, before the call.' }),
  ended_at: timeSchema.nullable().meta({ description: 'The time when the outcome was known.' }),
});
