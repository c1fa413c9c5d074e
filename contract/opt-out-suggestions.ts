// Suggestions of opt-outs: messages that may mean one. A person decides.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const states = ['open', 'taken', 'dismissed'] as const;
export type SuggestionState = (typeof states)[number];

export const suggestionSchema = z
  .strictObject({
    id: idSchema('opt_out_suggestion'),
    account_id: idSchema('account'),
    message_id: idSchema('message'),
    conversation_id: idSchema('conversation'),
    contact_id: idSchema('contact'),
    phrase: z.string().meta({ description: 'The part of the message that may mean an opt-out, in small letters.' }),
    state: z.enum(states).meta({ description: 'open, or taken by an opt-out, or dismissed.' }),
    decided_by: z
      .strictObject({
        kind: z.enum(['person', 'api_key']).meta({ description: 'The kind of caller.' }),
        id: z.string().meta({ description: 'The id of the person or the API key.' }),
      })
      .nullable()
      .meta({ description: 'The caller who decided. Null while it is open.' }),
    decided_at: timeSchema.nullable().meta({ description: 'The time of the decision.' }),
    created_at: timeSchema.meta({ description: 'The time of the suggestion.' }),
  })
  .meta({ id: 'OptOutSuggestion' });
export type OptOutSuggestion = z.infer<typeof suggestionSchema>;

export const listSuggestionsQuery = z.strictObject({
  ...pageQuery,
  contact_id: idSchema('contact').optional(),
  conversation_id: idSchema('conversation').optional(),
  state: z
    .enum(states, { error: `Must be one of ${states.join(', ')}.` })
    .optional()
    .meta({ description: 'Only suggestions in this state.' }),
});
export const suggestionPage = pageSchema(suggestionSchema).meta({ id: 'OptOutSuggestionPage' });
