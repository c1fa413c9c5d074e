// Changing many conversations at once.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { filterInput } from './views.ts';

export const conversationActions = ['close', 'snooze', 'assign', 'label', 'unlabel'] as const;
export type ConversationAction = (typeof conversationActions)[number];

/** The most ids that one request may name. */
const mostNamed = 1_000;
/** The most conversations of one job. */
export const mostInJob = 50_000;
/** How long after its end a job can be undone, in minutes. */
export const jobUndoMinutes = 15;

export const createConversationJobBody = requestObject({
  action: z
    .enum(conversationActions, { error: `Must be one of ${conversationActions.join(', ')}.` })
    .meta({ description: 'What is done with each.' }),
  conversation_ids: z
    .array(idSchema('conversation'))
    .min(1, { error: 'Must have at least one id.' })
    .max(mostNamed, { error: `Must have at most ${mostNamed} ids.` })
    .optional()
    .meta({ description: 'These. Give either them or `filter`.' }),
  filter: filterInput.optional(),
  until: timeInputSchema
    .optional()
    .meta({ description: 'Of a snooze: when they open again. Default: only once the person writes.' }),
  reason: textSchema(100).optional().meta({ description: 'Of a close or an assignment: why, in your own words.' }),
  person_id: idSchema('person')
    .optional()
    .meta({ description: 'Of an assignment: the person who gets them. Default: nobody.' }),
  team_id: idSchema('team').optional().meta({
    description: 'Of an assignment: the team that they are of from now on. Without a person, it gives them out.',
  }),
  label_id: idSchema('label').optional().meta({ description: 'The label of `label` and `unlabel`.' }),
})
  .refine(body => (body.conversation_ids === undefined) !== (body.filter === undefined), {
    path: ['conversation_ids'],
    error: 'Give either conversation_ids or filter.',
  })
  .refine(({ action, label_id }) => (action === 'label' || action === 'unlabel') === (label_id !== undefined), {
    path: ['label_id'],
    error: 'Must be given for label and unlabel, and for nothing else.',
  })
  .refine(({ action, person_id }) => action === 'assign' || person_id === undefined, {
    path: ['person_id'],
    error: 'Must be absent but for assign.',
  })
  .refine(({ action, team_id }) => action === 'assign' || team_id === undefined, {
    path: ['team_id'],
    error: 'Must be absent but for assign.',
  })
  .meta({ example: { action: 'close', conversation_ids: [idExamples.conversation] } });

export const conversationJobSchema = z
  .strictObject({
    id: idSchema('conversation_job'),
    action: z.enum(conversationActions).meta({ description: 'What is done with each.' }),
    until: timeSchema.nullable().meta({ description: 'Of a snooze: when they open again.' }),
    reason: z.string().nullable().meta({ description: 'The words of who began it. Null without any.' }),
    person_id: idSchema('person').nullable().meta({ description: 'Of an assignment: the new assignee.' }),
    team_id: idSchema('team').nullable().meta({ description: 'Of an assignment: the new team. Null: it stays.' }),
    label_id: idSchema('label').nullable().meta({ description: 'The label of `label` and `unlabel`.' }),
    state: z
      .enum(['running', 'done', 'stopped', 'undoing', 'undone'])
      .meta({ description: 'stopped: by somebody, before all were done.' }),
    total: z.number().int().meta({ description: 'How many conversations it has.' }),
    done: z.number().int().meta({ description: 'How many it changed.' }),
    skipped: z.number().int().meta({
      description:
        'How many it left as they are: they were so already, their person wrote meanwhile, or the person may not answer in their account.',
    }),
    undone: z.number().int().meta({ description: 'How many of them are as before again.' }),
    created_at: timeSchema.meta({ description: 'When it began.' }),
    ended_at: timeSchema.nullable().meta({ description: 'When it was over. Null before.' }),
    undo_until: timeSchema.nullable().meta({ description: 'Until when it can be undone. Null where it cannot.' }),
  })
  .meta({ id: 'ConversationJob' });
export type ConversationJob = z.infer<typeof conversationJobSchema>;

export const listConversationJobsQuery = z.strictObject(pageQuery);
export const conversationJobPage = pageSchema(conversationJobSchema).meta({ id: 'ConversationJobPage' });
