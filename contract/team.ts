// The work on conversations: their states, episodes and changes.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { noteText } from './notes.ts';
import { shownTeamSchema } from './teams.ts';

export const conversationStates = ['open', 'snoozed', 'closed'] as const;
export type ConversationState = (typeof conversationStates)[number];

/** What a conversation shows of the work on it. */
export const shownWork = {
  state: z.enum(conversationStates).meta({
    description:
      'open: somebody of you has to look at it. snoozed: later, or once the person writes. closed: nothing is to be done, as before the first message of the person.',
  }),
  state_since: timeSchema.nullable().meta({ description: 'Since when. Null before the first episode.' }),
  snoozed_until: timeSchema.nullable().meta({
    description: 'When it opens again by itself. Null where it is not snoozed, and until the person writes.',
  }),
  waiting_since: timeSchema.nullable().meta({
    description:
      'The time of the oldest message of the person that nobody answered, in Recado or on the phone. Null if nobody waits, and while it is closed. Programs, campaigns and reactions answer nothing.',
  }),
  episode_id: idSchema('episode').nullable().meta({ description: 'The newest episode. Null before the first one.' }),
  assignee: z
    .strictObject({
      kind: z.enum(['person', 'bot']).meta({ description: 'bot: a program, by its API key.' }),
      id: idSchema('person').or(idSchema('api_key')),
      name: z.string().meta({ description: 'The current name.' }),
    })
    .nullable()
    .meta({ description: 'Whose conversation it is. Null for nobody.' }),
  team: shownTeamSchema.nullable().meta({ description: 'Of which team it is. Null for none.' }),
  reassign_due_at: timeSchema.nullable().meta({
    description: 'When it goes back to the team, unless somebody has answered by then. Null: never.',
  }),
};

const reason = textSchema(100);

export const closeConversationBody = requestObject({
  reason: reason.optional().meta({ description: 'Why, in your own words.' }),
}).meta({ example: { reason: 'Answered' } });

export const snoozeConversationBody = requestObject({
  until: timeInputSchema.nullable().optional().meta({
    description: 'When it opens again, at most a year from now. Null, the default: only once the person writes.',
  }),
}).meta({ example: { until: null } });

export const assignConversationBody = requestObject({
  person_id: idSchema('person').nullable().optional().meta({ description: 'The person who gets it.' }),
  api_key_id: idSchema('api_key')
    .nullable()
    .optional()
    .meta({ description: 'The program that gets it, by its API key.' }),
  team_id: idSchema('team').nullable().optional().meta({
    description:
      'The team that it is of from now on. Without a person and a program, the team gives it out. Null: of no team. Left out: its team stays.',
  }),
  reason: textSchema(500).optional().meta({ description: 'Why. The thread shows it.' }),
  note: noteText.optional().meta({
    description: 'A note for who gets it, such as a summary. It needs `notes.write`, and is written together with it.',
  }),
})
  .refine(({ person_id, api_key_id }) => person_id == null || api_key_id == null, {
    path: ['api_key_id'],
    error: 'Give at most one of person_id and api_key_id.',
  })
  .meta({ example: { reason: 'Off until noon.' } });

const actor = z
  .strictObject({
    id: idSchema('person').or(idSchema('api_key')),
    name: z.string().meta({ description: 'The current name.' }),
  })
  .nullable();

/** Why a conversation is open again. */
export const reopenReasons = ['received', 'sent', 'by_hand', 'snooze_over', 'not_sent'] as const;

const ofAssignment =
  'Of an assignment: the words of who did it. answered: a person answered, who takes it from a program. left: the person left, or the API key was revoked. queued: its account gives new ones to the team. given: the team gave it to a member. had_last: the same, to who had the person last. no_answer: the assignee did not answer in time. offline: the assignee went offline.';

export const conversationChangeSchema = z
  .strictObject({
    at: timeSchema.meta({ description: 'The time of the change.' }),
    change: z
      .enum(['closed', 'snoozed', 'reopened', 'assigned'])
      .meta({ description: 'What the conversation became.' }),
    by: actor.meta({ description: 'The person or the API key. Null where nobody of you did it.' }),
    reason: z
      .string()
      .nullable()
      .meta({
        description: `Of a close: the words of who closed it; quiet: Recado closed it after days without a message. Of a reopening: ${reopenReasons.join(', ')}. ${ofAssignment}`,
      }),
    until: timeSchema.nullable().meta({ description: 'Of a snooze: its end. Null until the person writes.' }),
    assignee: actor.meta({ description: 'Of an assignment: whose it became. Null for nobody.' }),
    former_assignee: actor.meta({ description: 'Of an assignment: whose it was. Null for nobody.' }),
    team: shownTeamSchema.nullable().meta({ description: 'Of an assignment: the team that it came to. Null: none.' }),
    minutes: z.number().int().nullable().meta({
      description: 'Of an assignment with the reason no_answer: how long the former assignee had to answer.',
    }),
    episode: z.number().int().nullable().meta({ description: 'The number of the episode in the conversation.' }),
  })
  .meta({ id: 'ConversationChange' });
export type ConversationChange = z.infer<typeof conversationChangeSchema>;

export const episodeSchema = z
  .strictObject({
    id: idSchema('episode'),
    number: z.number().int().meta({ description: 'Its place in the conversation. The first one is 1.' }),
    opened_at: timeSchema.meta({ description: 'When the person, or one of you, wrote first.' }),
    opened_by_message_id: idSchema('message').nullable().meta({
      description: 'The message that it began with. Null if somebody opened the conversation by hand.',
    }),
    campaign: z
      .strictObject({ id: idSchema('campaign'), name: z.string().meta({ description: 'Its current name.' }) })
      .nullable()
      .meta({ description: 'The campaign that this message answers. Null where it answers none.' }),
    first_response: z
      .strictObject({
        at: timeSchema.meta({ description: 'The time of the answer.' }),
        by: actor.meta({ description: 'Who answered. Null for the phone.' }),
        seconds: z.number().int().meta({ description: 'How long the person had waited.' }),
        business_seconds: z.number().int().nullable().meta({
          description:
            'How much of that was in the hours of the team. Null where the conversation had no team with hours.',
        }),
      })
      .nullable()
      .meta({ description: 'The first answer that the person waited for. Null before it.' }),
    closed_at: timeSchema.nullable().meta({ description: 'Null while the work goes on.' }),
    closed_by: actor.meta({
      description: 'Who closed it. Null while it is not closed, after a merge, and where Recado did.',
    }),
    close_reason: z.string().nullable().meta({
      description: 'The words of who closed it. quiet: Recado did, after days without a message. Null without any.',
    }),
  })
  .meta({ id: 'Episode' });
export type Episode = z.infer<typeof episodeSchema>;

export const followersSchema = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          person_id: idSchema('person'),
          name: z.string().meta({ description: 'The current name.' }),
          since: timeSchema.meta({ description: 'Since when.' }),
        }),
      )
      .meta({ description: 'Who follows it, by name.' }),
  })
  .meta({ id: 'Followers' });
export type Followers = z.infer<typeof followersSchema>;

export const listChangesQuery = z.strictObject(pageQuery);
export const conversationChangePage = pageSchema(conversationChangeSchema).meta({ id: 'ConversationChangePage' });
export const episodePage = pageSchema(episodeSchema).meta({ id: 'EpisodePage' });

/** The data of the events of states. */
export const stateEventData = z.strictObject({
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  episode_id: idSchema('episode').nullable(),
  reason: z
    .string()
    .nullable()
    .meta({
      description: `Of a close: the words of who closed it; quiet: Recado closed it after days without a message. Of a reopening: ${reopenReasons.join(', ')}.`,
    }),
  until: timeSchema.nullable().meta({ description: 'Of a snooze: its end. Null until the person writes.' }),
  person_id: idSchema('person').nullable().meta({ description: 'The person who did it.' }),
  api_key_id: idSchema('api_key').nullable().meta({ description: 'The API key that did it.' }),
});

/** The data of the event of an assignment. */
export const assignedEventData = z.strictObject({
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  episode_id: idSchema('episode').nullable(),
  reason: z.string().nullable().meta({ description: ofAssignment }),
  from_person_id: idSchema('person').nullable().meta({ description: 'Whose it was.' }),
  from_api_key_id: idSchema('api_key').nullable().meta({ description: 'Whose it was.' }),
  to_person_id: idSchema('person').nullable().meta({ description: 'Whose it is.' }),
  to_api_key_id: idSchema('api_key').nullable().meta({ description: 'Whose it is.' }),
  from_team_id: idSchema('team').nullable().meta({ description: 'Of which team it was.' }),
  to_team_id: idSchema('team').nullable().meta({ description: 'Of which team it is.' }),
  person_id: idSchema('person').nullable().meta({ description: 'The person who did it.' }),
  api_key_id: idSchema('api_key').nullable().meta({ description: 'The API key that did it.' }),
});

export const assignedEventExample = {
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  episode_id: idExamples.episode,
  reason: 'Off until noon.',
  from_person_id: null,
  from_api_key_id: null,
  to_person_id: idExamples.person,
  to_api_key_id: null,
  from_team_id: null,
  to_team_id: idExamples.team,
  person_id: idExamples.person,
  api_key_id: null,
};

/** The data of the events of who follows a conversation. */
export const followEventData = z.strictObject({
  conversation_id: idSchema('conversation'),
  contact_id: idSchema('contact'),
  person_id: idSchema('person').meta({ description: 'Who follows it, or no longer does.' }),
});

export const followEventExample = {
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  person_id: idExamples.person,
};

export const stateEventExample = {
  conversation_id: idExamples.conversation,
  contact_id: idExamples.contact,
  episode_id: idExamples.episode,
  reason: null,
  until: null,
  person_id: idExamples.person,
  api_key_id: null,
};
