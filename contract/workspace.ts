// The workspace: its name and its retention.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, timeSchema } from './common.ts';
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

export const workspaceSchema = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string().meta({ description: 'The name of the workspace.' }),
    retention: z
      .strictObject({ messages_days: messagesDays, media_days: mediaDays })
      .meta({ description: 'How long Recado keeps messages and files.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'Workspace' });

export const updateWorkspaceBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'The name of the workspace.' }),
  retention: requestObject({ messages_days: messagesDays.optional(), media_days: mediaDays.optional() })
    .optional()
    .meta({ description: 'How long Recado keeps messages and files. Absent fields stay as they are.' }),
});

export type Workspace = z.infer<typeof workspaceSchema>;
