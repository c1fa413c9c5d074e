// The statistics of the whole queue of a workspace.
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { idListSchema, idSchema } from './ids.ts';
import { waitingFields, waitingReasons } from './messages.ts';

const seconds = (which: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${which}. Null if there was no call.` });

/** What the workers do for an account: send, apply what the channel reports, tell it what was read, fetch files. */
export const laneKinds = ['send', 'receive', 'read', 'fetch'] as const;
export type LaneKind = (typeof laneKinds)[number];

export const workspaceQueueSchema = z
  .strictObject({
    waiting: z.number().int().meta({ description: 'Messages that are scheduled or queued.' }),
    active: z.number().int().meta({ description: 'Messages with an attempt in flight.' }),
    unknown: z.number().int().meta({ description: 'Messages with an unknown outcome.' }),
    completed: z.number().int().meta({
      description: 'Outbound messages of the last 24 hours that the channel accepted, to a quarter of an hour.',
    }),
    failed: z
      .number()
      .int()
      .meta({ description: 'Outbound messages of the last 24 hours that failed, to a quarter of an hour.' }),
    calls_per_minute: z.number().meta({ description: 'Calls to the channel per minute, over the last five minutes.' }),
    wait_seconds: z.strictObject({ p50: seconds('The median'), p95: seconds('The 95th percentile') }).meta({
      description:
        'Time from acceptance, or from `send_at`, to the first call. It uses the newest calls of the last hour.',
    }),
    workers: z.number().int().meta({ description: 'Workers with a heartbeat in the last ten seconds.' }),
    lanes: z
      .array(
        z.strictObject({
          kind: z.enum(laneKinds).meta({
            description: 'Send messages, apply what the channel reports, tell it what was read, fetch files.',
          }),
          due: z.number().int().meta({ description: 'Lanes of the workspace with due work.' }),
          workers: z.number().int().meta({ description: 'Workers that serve this kind of lane.' }),
          problem: z.string().nullable().meta({ description: 'Human-readable: what is wrong. Null if nothing is.' }),
        }),
      )
      .meta({ description: 'The lanes by kind.' }),
  })
  .meta({ id: 'Queue' });

export type WorkspaceQueue = z.infer<typeof workspaceQueueSchema>;

const messages = z.number().int().meta({ description: 'Number of messages.' });

export const queueReasonsQuery = z.strictObject({ account_id: idSchema('account').optional() });

/** How many messages wait for which reason. */
export const queueReasonsSchema = z
  .strictObject({
    queued: z.number().int().meta({ description: 'Messages that wait for an attempt.' }),
    scheduled: z.number().int().meta({ description: 'Messages whose `send_at` is in the future.' }),
    sending: z.number().int().meta({ description: 'Messages with an attempt in flight.' }),
    unknown: z.number().int().meta({ description: 'Messages with an unknown outcome.' }),
    oldest_seconds: z
      .number()
      .nullable()
      .meta({ description: 'The age of the oldest due message, in seconds. Null if none is due.' }),
    reasons: z
      .array(
        z.strictObject({
          account_id: idSchema('account'),
          reason: z.enum(waitingReasons).meta({ description: 'The first reason why the messages wait.' }),
          messages,
          until: timeSchema.nullable().meta({
            description: 'The time when the first of them ends its wait. Null if it does not depend on time.',
          }),
        }),
      )
      .meta({
        description:
          'The reasons of queued and scheduled messages by account, the most frequent first. Reasons of single messages are counted up to 10,000 an account; the others are `next`.',
      }),
  })
  .meta({ id: 'QueueReasons' });
export type QueueReasons = z.infer<typeof queueReasonsSchema>;

export const messageReasonsQuery = z.strictObject({ ids: idListSchema('message') });

export const messageReasonsSchema = z
  .strictObject({
    data: z
      .array(z.strictObject({ id: idSchema('message'), ...waitingFields }))
      .meta({ description: 'Those of the messages that wait.' }),
  })
  .meta({ id: 'MessageReasons' });
export type MessageReasons = z.infer<typeof messageReasonsSchema>;

/** How many messages failed with which error. */
export const queueErrorsSchema = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          code: z.string().meta({ description: 'The error code of the channel or of Recado.', example: '131047' }),
          title: z.string().meta({ description: 'The error as text.' }),
          messages,
        }),
      )
      .meta({ description: 'The errors of the newest 100,000 failed messages, the most frequent first, at most 100.' }),
  })
  .meta({ id: 'QueueErrors' });
export type QueueErrors = z.infer<typeof queueErrorsSchema>;
