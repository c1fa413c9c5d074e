// Hooks: addresses that other programs call with their alerts, which reach people on WhatsApp.
import { z } from 'zod';
import { changeBody, nameSchema, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

/** Whose alerts a hook reads. */
export const hookFormats = ['alertmanager', 'grafana', 'uptime_kuma', 'text'] as const;
export type HookFormat = (typeof hookFormats)[number];

/** What a call says of its subject. note: neither; a plain text. */
export const hookStates = ['firing', 'resolved', 'note'] as const;
export type HookState = (typeof hookStates)[number];

/** What can fill a variable of the template. message: the others in one line. */
export const hookVariables = ['state', 'title', 'text', 'source', 'message'] as const;
export type HookVariable = (typeof hookVariables)[number];

/** What became of a call. */
export const hookOutcomes = ['waiting', 'sent', 'failed', 'repeated', 'left_out', 'rejected'] as const;
export type HookOutcome = (typeof hookOutcomes)[number];

const whole = (min: number, max: number, description: string) =>
  z
    .int({ error: 'Must be a whole number.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` })
    .meta({ description });

const templateSchema = requestObject({
  name: nameSchema(512).meta({ description: 'An approved utility template.', example: 'ops_alert' }),
  language: textSchema(20).meta({ description: 'The language of the template.', example: 'en' }),
  variables: z
    .array(z.enum(hookVariables))
    .max(10, { error: 'Must have at most 10 variables.' })
    .meta({ description: 'What fills the variables of its body, in their order.', example: ['message'] }),
})
  .nullable()
  .meta({ description: 'What is sent outside of the 24-hour window. Null: then nothing can be sent.' });

const hookFields = {
  name: nameSchema(100).meta({ description: 'What people call it. Plain text has it as its source.' }),
  account_id: idSchema('account').meta({ description: 'The account that writes.' }),
  contact_ids: z
    .array(idSchema('contact'))
    .min(1, { error: 'Must have at least one contact.' })
    .max(20, { error: 'Must have at most 20 contacts.' })
    .meta({ description: 'The contacts whom it writes to.' }),
  template: templateSchema,
  format: z.enum(hookFormats).nullable().meta({ description: 'Whose alerts it reads. Null: Recado finds out.' }),
  tells_resolved: z.boolean().meta({ description: 'Whether people are told that something is over.' }),
  group_seconds: whole(0, 600, 'Calls within this time make one message.'),
  limit: requestObject({
    messages: whole(1, 1_000, 'The most messages to each contact within the time.'),
    seconds: whole(60, 86_400, 'In this time. The same alert in the same state is told once in it.'),
  }).meta({ description: 'Calls beyond the limit wait, and make one message.' }),
};

const defaults = {
  template: hookFields.template.optional(),
  format: hookFields.format.optional(),
  tells_resolved: hookFields.tells_resolved
    .optional()
    .meta({ description: 'Whether it tells what is over. Default: true.' }),
  group_seconds: hookFields.group_seconds
    .optional()
    .meta({ description: 'Calls within it make one message. Default: 30.' }),
  limit: hookFields.limit.optional().meta({ description: 'Default: 20 messages in 3600 seconds.' }),
};

export const createHookBody = requestObject({
  name: hookFields.name,
  account_id: hookFields.account_id,
  contact_ids: hookFields.contact_ids,
  ...defaults,
}).meta({ example: { name: 'Grafana', account_id: idExamples.account, contact_ids: [idExamples.contact] } });
export type CreateHook = z.output<typeof createHookBody>;

export const updateHookBody = changeBody({
  name: hookFields.name.optional(),
  account_id: hookFields.account_id.optional(),
  contact_ids: hookFields.contact_ids.optional(),
  ...defaults,
});
export type UpdateHook = z.output<typeof updateHookBody>;

export const hookSchema = z
  .strictObject({
    id: idSchema('hook'),
    ...hookFields,
    contact_ids: z.array(idSchema('contact')).meta({ description: 'The contacts whom it writes to.' }),
    token_end: z.string().meta({ description: 'The last characters of its token.' }),
    calls: z.number().int().meta({ description: 'How often it was called in the last 24 hours.' }),
    last_call: z
      .strictObject({
        at: timeSchema.meta({ description: 'When it was called.' }),
        outcome: z.enum(hookOutcomes).meta({ description: 'What became of the call.' }),
      })
      .nullable()
      .meta({ description: 'Its last call. Null if there was none in 30 days.' }),
    created_by: idSchema('person').or(idSchema('api_key')).meta({ description: 'In whose name it writes.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'Hook' });
export type Hook = z.infer<typeof hookSchema>;

export const newHookSchema = hookSchema
  .extend({
    token: z.string().meta({ description: 'The secret of the address. Recado shows it only in this answer.' }),
    url: z.string().meta({ description: 'The address that the other program calls. Anybody who has it can send.' }),
  })
  .meta({ id: 'NewHook' });

export const listHooksQuery = z.strictObject(pageQuery);
export const hookPage = pageSchema(hookSchema).meta({ id: 'HookPage' });

export const hookCallSchema = z
  .strictObject({
    id: idSchema('hook_call'),
    at: timeSchema.meta({ description: 'When it came.' }),
    format: z.enum(hookFormats).nullable().meta({ description: 'Whose alert it was. Null: it was not understood.' }),
    state: z.enum(hookStates).nullable().meta({ description: 'What it said of its subject.' }),
    title: z.string().nullable().meta({ description: 'What it was about.' }),
    outcome: z.enum(hookOutcomes).meta({
      description:
        'waiting: for others to join, or for the limit. repeated: the same was told before. left_out: it was over, which this hook does not tell.',
    }),
    status: z.number().int().meta({ description: 'The HTTP status that Recado answered.' }),
    error: z.string().nullable().meta({ description: 'Why it was rejected, or why somebody was not written to.' }),
    told_with: idSchema('hook_call')
      .nullable()
      .meta({ description: 'The call with which it was told in one message. Null: none, or it is the first of them.' }),
    messages: z
      .strictObject({
        total: z.number().int().meta({ description: 'How many messages were accepted.' }),
        by_status: z.record(z.string(), z.number().int()).meta({ description: 'What became of them.' }),
      })
      .meta({ description: 'The messages that tell it.' }),
  })
  .meta({ id: 'HookCall' });
export type HookCall = z.infer<typeof hookCallSchema>;

export const listHookCallsQuery = z.strictObject(pageQuery);
export const hookCallPage = pageSchema(hookCallSchema).meta({ id: 'HookCallPage' });

export const takenCallSchema = z
  .strictObject({
    id: idSchema('hook_call'),
    outcome: z.enum(hookOutcomes).meta({ description: 'waiting, repeated or left_out.' }),
  })
  .meta({ id: 'TakenHookCall' });
