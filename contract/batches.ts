// Many messages at once: batches, and what is done to all messages that fit a filter.
import { z } from 'zod';
import { fieldErrorSchema, rangeRule, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { exampleMessage, messageSchema, priorities, sendMessageBody } from './messages.ts';

const some = {
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  conversation_id: idSchema('conversation').optional(),
  batch_id: idSchema('batch').optional(),
  from: timeInputSchema.optional().meta({ description: 'Created at or after this moment.' }),
  until: timeInputSchema.optional().meta({ description: 'Created before this moment.' }),
};
const narrowed = (value: Record<string, unknown>) => Object.values(value).some(each => each !== undefined);
const narrow = { error: 'Give at least one of the filters, so that not everything is meant by mistake.' };

/** Which waiting messages to cancel. */
export const cancelBody = z
  .strictObject({
    ...some,
    priority: z.enum(priorities).optional().meta({ description: 'Only those of this priority.' }),
  })
  .refine(narrowed, narrow)
  .refine(...rangeRule)
  .meta({ example: { account_id: idExamples.account, priority: 'low' } });

/** Which failed messages to send again. */
export const retryBody = z
  .strictObject({
    ...some,
    error_code: textSchema(100).optional().meta({ description: 'Only those that failed with this code.' }),
  })
  .refine(narrowed, narrow)
  .refine(...rangeRule)
  .meta({ example: { account_id: idExamples.account, error_code: '131047' } });

export const resolveBody = z
  .strictObject({
    resolution: z
      .enum(['sent', 'failed', 'retry'], { error: 'Must be sent, failed or retry.' })
      .meta({ description: 'What you know of it: it arrived; it did not; or send it again, at the risk of a double.' }),
  })
  .meta({ example: { resolution: 'sent' } });

export const countSchema = z.strictObject({
  messages: z.number().int().meta({ description: 'How many messages it was.' }),
});

/** What a retry by filter has queued. */
export const requeuedSchema = z.strictObject({
  messages: z.number().int().meta({ description: 'So many are queued again.' }),
  left: z.number().int().meta({
    description:
      'So many more fit, and were left: the daily limit has no room for them, or there were more than 10,000.',
  }),
});

/** The items are read one by one, so that one that is wrong spoils none of the others; the documents show what each is read as. */
export const batchBody = z
  .strictObject({
    messages: z
      .array(z.union([z.unknown(), sendMessageBody]))
      .min(1, { error: 'Must hold at least one message.' })
      .max(1_000, { error: 'Must hold at most 1,000 messages.' })
      .meta({ description: 'Up to 1,000 bodies, each as for `POST /api/v1/messages`.' }),
  })
  .meta({ example: { messages: [exampleMessage] } });

const batchFields = {
  id: idSchema('batch'),
  total: z.number().int().meta({ description: 'How many messages the request had.' }),
  accepted: z.number().int().meta({ description: 'How many of them are stored, to be sent.' }),
  refused: z.number().int().meta({ description: 'How many of them are not.' }),
  created_at: timeSchema.meta({ description: 'When it was accepted.' }),
};

export const batchAcceptedSchema = z
  .strictObject({
    ...batchFields,
    results: z
      .array(
        z.strictObject({
          index: z.number().int().meta({ description: 'Its place in the request, from 0.' }),
          status: z
            .number()
            .int()
            .meta({ description: 'What `POST /api/v1/messages` would have answered.', example: 202 }),
          message: messageSchema.optional(),
          error: z
            .strictObject({
              code: z.string().meta({ description: 'Stable, for programs.' }),
              detail: z.string().meta({ description: 'For people.' }),
              errors: z.array(fieldErrorSchema).optional().meta({ description: 'The fields at fault.' }),
            })
            .optional()
            .meta({ description: 'Why it was refused.' }),
        }),
      )
      .meta({ description: 'One for each message, in their order.' }),
  })
  .meta({ id: 'BatchAccepted' });
export type BatchAccepted = z.infer<typeof batchAcceptedSchema>;

export const batchSchema = z
  .strictObject({
    ...batchFields,
    by_status: z
      .record(z.string(), z.number().int())
      .meta({ description: 'How many of the accepted have each status.' }),
    done: z
      .boolean()
      .meta({ description: 'Whether nothing of the whole batch is scheduled, queued, sending or unknown any more.' }),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof batchSchema>;
