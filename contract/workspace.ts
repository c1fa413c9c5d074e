// The workspace itself: its name, and how long its messages are kept.
import { z } from 'zod';
import { changeBody, nameSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const days = (description: string) =>
  z
    .int({ error: 'Must be a whole number of days, or null.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(36_500, { error: 'Must be at most 36500.' })
    .nullable()
    .meta({ description });
const messagesDays = days(
  'Messages that nothing more can become of are deleted when they are older, with the files that came with them; null keeps all.',
);
const mediaDays = days(
  'Files that you uploaded are deleted when they are older and no message needs them; null keeps all.',
);

export const workspaceSchema = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string().meta({ description: 'What it is called.' }),
    retention: z
      .strictObject({ messages_days: messagesDays, media_days: mediaDays })
      .meta({ description: 'How long messages and files are kept.' }),
    created_at: timeSchema.meta({ description: 'When it was made.' }),
  })
  .meta({ id: 'Workspace' });

export const updateWorkspaceBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'What it is called.' }),
  retention: z
    .strictObject({ messages_days: messagesDays.optional(), media_days: mediaDays.optional() })
    .optional()
    .meta({ description: 'How long messages and files are kept; what is not named stays.' }),
});

export type Workspace = z.infer<typeof workspaceSchema>;
