// Many messages at once: batches, and the actions on all messages that match a filter.
import { z } from 'zod';
import {
  fieldErrorSchema,
  pageQuery,
  pageSchema,
  rangeRule,
  requestObject,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { exampleMessage, messageSchema, priorities, sendMessageBody } from './messages.ts';

const filters = {
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  conversation_id: idSchema('conversation').optional(),
  batch_id: idSchema('batch').optional(),
  from: timeInputSchema.optional().meta({ description: 'Only messages created at or after this time.' }),
  until: timeInputSchema.optional().meta({ description: 'Only messages created before this time.' }),
};

/** How many messages an action may name by their ids. */
export const mostChosen = 1_000;

const chosen = {
  ids: z
    .array(idSchema('message'))
    .min(1, { error: 'Must contain at least one id.' })
    .max(mostChosen, { error: 'Must contain at most 1,000 ids.' })
    .optional()
    .meta({ description: 'Only the messages with these ids, at most 1,000.' }),
  reason: textSchema(500).optional().meta({ description: 'Why, for the audit log.' }),
};
const hasFilter = ({ reason, resolution, ...filter }: Record<string, unknown>) =>
  Object.values(filter).some(each => each !== undefined);
const needsFilter = { error: 'Must have at least one filter.' };

/** The filter of the queued and scheduled messages to cancel. */
export const cancelBody = requestObject({
  ...filters,
  ...chosen,
  priority: z.enum(priorities).optional().meta({ description: 'Only messages of this priority.' }),
  status: z
    .enum(['scheduled', 'queued'], { error: 'Must be scheduled or queued.' })
    .optional()
    .meta({ description: 'Only messages with this status.' }),
})
  .refine(hasFilter, needsFilter)
  .refine(...rangeRule)
  .meta({ example: { account_id: idExamples.account, priority: 'low' } });

/** The filter of the failed messages to send again. */
export const retryBody = requestObject({
  ...filters,
  ...chosen,
  error_code: textSchema(100).optional().meta({ description: 'Only messages that failed with this code.' }),
})
  .refine(hasFilter, needsFilter)
  .refine(...rangeRule)
  .meta({ example: { account_id: idExamples.account, error_code: '131047' } });

const resolution = z.enum(['sent', 'failed', 'retry'], { error: 'Must be sent, failed or retry.' }).meta({
  description: 'sent: the message arrived. failed: it did not. retry: send it again, which may duplicate it.',
});

export const resolveBody = requestObject({
  resolution,
  reason: chosen.reason,
}).meta({ example: { resolution: 'sent' } });

/** The filter of the messages with an unknown outcome to resolve, and what became of them. */
export const resolveAllBody = requestObject({
  resolution,
  ...filters,
  ...chosen,
  campaign_id: idSchema('campaign').optional().meta({ description: 'Only messages of this campaign.' }),
})
  .refine(hasFilter, needsFilter)
  .refine(...rangeRule)
  .meta({ example: { account_id: idExamples.account, resolution: 'failed' } });

export const countSchema = z.strictObject({
  count: z.number().int().meta({ description: 'Number of messages that changed.' }),
});

/** Why an action leaves matching messages out: the codes with which the same action on one message is rejected. */
export const skippedCodes = [
  'unknown_outcome',
  'message_expired',
  'contact_deleted',
  'message_file_gone',
  'account_deleted',
  'account_not_connected',
  'opted_out',
  'window_closed',
] as const;
export type SkippedCode = (typeof skippedCodes)[number];

const skipped = z
  .array(
    z.strictObject({
      code: z.enum(skippedCodes).meta({ description: 'Why.' }),
      count: z.number().int().meta({ description: 'Number of messages.' }),
    }),
  )
  .meta({ description: 'Matching messages that are left out, by reason.' });

/** The answer to a retry by filter. */
export const requeuedSchema = z.strictObject({
  count: z.number().int().meta({ description: 'Number of messages that are queued again.' }),
  left: z.number().int().meta({
    description:
      'Number of matching messages not queued: the daily limit has no room, or more than 10,000 messages match.',
  }),
  skipped,
});

/** The answer to a resolution by filter. */
export const resolvedSchema = z.strictObject({
  count: z.number().int().meta({ description: 'Number of messages that are resolved.' }),
  left: z.number().int().meta({ description: 'Number of matching messages for another request: one resolves 1,000.' }),
  skipped,
});

/** Each item is parsed by itself, so an invalid item does not reject the others. The document shows the schema of an item. */
export const batchBody = requestObject({
  messages: z
    .array(z.union([z.unknown(), sendMessageBody]))
    .min(1, { error: 'Must contain at least one message.' })
    .max(1_000, { error: 'Must contain at most 1,000 messages.' })
    .meta({ description: 'Up to 1,000 bodies, each as for `POST /api/v1/messages`.' }),
}).meta({ example: { messages: [exampleMessage] } });

const batchFields = {
  id: idSchema('batch'),
  total: z.number().int().meta({ description: 'Number of messages in the request.' }),
  accepted: z.number().int().meta({ description: 'Number of messages that Recado accepted.' }),
  rejected: z.number().int().meta({ description: 'Number of messages that Recado rejected.' }),
  created_at: timeSchema.meta({ description: 'The time of acceptance.' }),
};

export const batchAcceptedSchema = z
  .strictObject({
    ...batchFields,
    results: z
      .array(
        z.strictObject({
          index: z.number().int().meta({ description: 'The position of the message in the request, from 0.' }),
          status: z
            .number()
            .int()
            .meta({ description: 'The HTTP status that `POST /api/v1/messages` would answer.', example: 202 }),
          message: messageSchema.optional(),
          error: z
            .strictObject({
              code: z.string().meta({ description: 'Machine-readable code. It never changes.' }),
              detail: z.string().meta({ description: 'Human-readable: what went wrong and what to do.' }),
              errors: z.array(fieldErrorSchema).optional().meta({ description: 'The invalid fields.' }),
            })
            .optional()
            .meta({ description: 'Why Recado rejected the message.' }),
        }),
      )
      .meta({ description: 'One result for each message, in the order of the request.' }),
  })
  .meta({ id: 'BatchAccepted' });
export type BatchAccepted = z.infer<typeof batchAcceptedSchema>;

export const batchSchema = z
  .strictObject({
    ...batchFields,
    by_status: z
      .record(z.string(), z.number().int())
      .meta({ description: 'Number of accepted messages in each status.' }),
    done: z
      .boolean()
      .meta({ description: 'True when no message of the batch is scheduled, queued, sending or unknown.' }),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof batchSchema>;

export const listBatchesQuery = z.strictObject(pageQuery);
export const batchPage = pageSchema(batchSchema).meta({ id: 'BatchPage' });
