// The workspace: its name and its retention.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, timeSchema, wholeNumber } from './common.ts';
import { idSchema } from './ids.ts';

const days = (description: string) =>
  z
    .int({ error: 'Must be a whole number of days, or null.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(36_500, { error: 'Must be at most 36500.' })
    .nullable()
    .meta({ description });
const messagesDays = days(
  'Recado deletes finished messages, and the files that came with them, after this many days. Null keeps all.',
);
const mediaDays = days('Recado deletes unused uploaded files after this many days. Null keeps all.');

const autoCloseDays = z
  .int({ error: 'Must be a whole number of days, or null.' })
  .min(1, { error: 'Must be at least 1.' })
  .max(365, { error: 'Must be at most 365.' })
  .nullable()
  .meta({
    description:
      'Recado closes an open conversation after this many days without a message, unless somebody waits in it. Null closes none.',
  });

/** How many reasons of a close a workspace offers. */
export const mostCloseReasons = 20;

const closeReasons = z
  .array(nameSchema(100))
  .max(mostCloseReasons, { error: `Must have at most ${mostCloseReasons} reasons.` })
  .refine(reasons => new Set(reasons).size === reasons.length, { error: 'Must not repeat a reason.' })
  .meta({ description: 'The reasons that the web app offers when somebody closes a conversation, in order.' });

export const workspaceSchema = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string().meta({ description: 'The name of the workspace.' }),
    retention: z
      .strictObject({ messages_days: messagesDays, media_days: mediaDays })
      .meta({ description: 'How long Recado keeps messages and files.' }),
    auto_close_days: autoCloseDays,
    close_reasons: closeReasons,
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'Workspace' });

export const updateWorkspaceBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'The name of the workspace.' }),
  retention: requestObject({ messages_days: messagesDays.optional(), media_days: mediaDays.optional() })
    .optional()
    .meta({ description: 'How long Recado keeps messages and files. Absent fields stay as they are.' }),
  auto_close_days: autoCloseDays.optional(),
  close_reasons: closeReasons.optional(),
});

export type Workspace = z.infer<typeof workspaceSchema>;

const wouldDelete = {
  count: z.number().int().nullable().meta({ description: 'How many. Null if they are more than 10,000.' }),
  oldest: timeSchema.nullable().meta({ description: 'The time of the oldest. Null if there is none.' }),
};

export const retentionPreviewQuery = z.strictObject({
  messages_days: wholeNumber(1, 36_500).optional().meta({ description: 'As `retention.messages_days`.' }),
  media_days: wholeNumber(1, 36_500).optional().meta({ description: 'As `retention.media_days`.' }),
});

export const retentionPreviewSchema = z
  .strictObject({
    messages: z.strictObject(wouldDelete).meta({ description: 'Messages that have ended.' }),
    media: z
      .strictObject({
        ...wouldDelete,
        bytes: z.number().nullable().meta({ description: 'Their size. Null if they are more than 10,000.' }),
      })
      .meta({ description: 'Uploaded files that no waiting message carries.' }),
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;
