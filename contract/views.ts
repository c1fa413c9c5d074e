// Views of conversations: which of them, in which order, saved under a name.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { conversationStates } from './team.ts';
import { teamOfScope, teamRule } from './teams.ts';

export const conversationSorts = ['newest', 'longest_waiting', 'window_closing'] as const;
export type ConversationSort = (typeof conversationSorts)[number];

/** A conversation whose window closes within so many minutes counts as closing. */
export const closingMinutes = 120;
/** The longest wait that a filter asks for: a year. */
export const mostWaitingMinutes = 525_600;
/** A window is open for a day. */
export const mostWindowMinutes = 1_440;

/** The filters of conversations that an address and a saved view write alike. */
export const sharedFilters = {
  account_id: idSchema('account').optional().meta({ description: 'Only the conversations of this account.' }),
  team_id: idSchema('team').optional().meta({ description: 'Only the conversations of this team.' }),
  label_id: idSchema('label').optional().meta({ description: 'Only the conversations with this label.' }),
  state: z
    .enum(conversationStates, { error: `Must be one of ${conversationStates.join(', ')}.` })
    .optional()
    .meta({ description: 'Only the conversations in this state.' }),
  assignee: z
    .union([z.enum(['me', 'nobody']), idSchema('person'), idSchema('api_key')], {
      error: 'Must be me, nobody, or the id of a person or an API key.',
    })
    .optional()
    .meta({ description: 'Only the conversations of this person or API key. me: of the caller. nobody: of nobody.' }),
  search: textSchema(100).optional().meta({
    description: "Part of the contact's name, or at least three digits of the number.",
  }),
  sort: z
    .enum(conversationSorts, { error: `Must be one of ${conversationSorts.join(', ')}.` })
    .optional()
    .meta({
      description:
        'newest, the default: by the last message. longest_waiting: the longest wait first, conversations where nobody waits last. window_closing: the 24-hour window that closes next comes first, then what has no open window.',
    }),
};

/** What the filters mean that an address writes as texts. */
export const filterWords = {
  unread: 'true: only with unread messages. false: only without.',
  waiting: 'true: only with a message that waits to be sent.',
  not_sent: 'true: only with a message of the last 7 days that failed or whose outcome is unknown.',
  unanswered_minutes:
    'Only open conversations in which the person has waited for an answer for at least so many minutes. 0: for any time.',
  closes_within_minutes:
    'Only the conversations whose 24-hour window is open, and closes within so many minutes. Accounts without a window have none.',
};

const minutes = (min: number, max: number) =>
  z
    .number({ error: 'Must be a number.' })
    .int({ error: 'Must be a whole number.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` });

const filterShape = {
  ...sharedFilters,
  unread: z.boolean().optional().meta({ description: filterWords.unread }),
  waiting: z.boolean().optional().meta({ description: filterWords.waiting }),
  not_sent: z.boolean().optional().meta({ description: filterWords.not_sent }),
  unanswered_minutes: minutes(0, mostWaitingMinutes).optional().meta({ description: filterWords.unanswered_minutes }),
  closes_within_minutes: minutes(1, mostWindowMinutes)
    .optional()
    .meta({ description: filterWords.closes_within_minutes }),
};

const filterMeta = { description: 'The filters of the list of conversations. Without any: all conversations.' };
export const filterInput = requestObject(filterShape).meta(filterMeta);

export const viewFilterSchema = z.strictObject(filterShape).meta({ id: 'ViewFilter', ...filterMeta });
export type ViewFilter = z.infer<typeof viewFilterSchema>;

export const viewScopes = ['personal', 'team', 'workspace'] as const;

const name = nameSchema(60).meta({ description: 'The name in the inbox.' });

/** How many saved views each person has, each team, and the workspace. */
export const mostSavedViews = 30;

export const createSavedViewBody = requestObject({
  name,
  scope: z.enum(viewScopes, { error: 'Must be personal, team or workspace.' }).optional().meta({
    description:
      'personal, the default: only for the caller. team: for the members of a team. workspace: for everybody. It never changes.',
  }),
  team_id: teamOfScope,
  filter: filterInput,
})
  .refine(...teamRule)
  .meta({
    example: {
      name: 'Waits over half an hour',
      filter: { state: 'open', unanswered_minutes: 30, sort: 'longest_waiting' },
    },
  });

export const updateSavedViewBody = changeBody({
  name: name.optional(),
  filter: filterInput.optional(),
}).meta({ example: { name: 'Waits too long' } });

export const savedViewSchema = z
  .strictObject({
    id: idSchema('saved_view'),
    name: z.string().meta({ description: 'The name in the inbox.' }),
    scope: z.enum(viewScopes).meta({
      description: 'personal: only for the caller. team: for the members of a team. workspace: for everybody.',
    }),
    team_id: idSchema('team').nullable().meta({ description: 'The team of a view with the scope team.' }),
    filter: viewFilterSchema,
    created_by: idSchema('person').or(idSchema('api_key')).meta({ description: 'Who created it.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'SavedView' });
export type SavedView = z.infer<typeof savedViewSchema>;

export const savedViewList = z
  .strictObject({ data: z.array(savedViewSchema).meta({ description: 'All of them, by name.' }) })
  .meta({ id: 'SavedViewList' });

export const countConversationsQuery = z.strictObject({
  account_id: idSchema('account').optional().meta({ description: 'Only the conversations of this account.' }),
});

const whole = z.number().int();
/** Above this, a count that is no kept one is not counted further. */
export const mostCounted = 100;
const few = (what: string) => whole.meta({ description: `${what} Counted up to ${mostCounted}.` });

export const conversationCountsSchema = z
  .strictObject({
    all: whole.meta({ description: 'All conversations.' }),
    open: few('Open ones.'),
    snoozed: few('Snoozed ones.'),
    mine: few('Open ones of the caller.'),
    unassigned: few('Open ones of nobody.'),
    unread: whole.meta({ description: 'With unread messages.' }),
    unanswered: few('Open ones in which the person waits for an answer.'),
    closing: few('Those of them whose 24-hour window closes within two hours.'),
    waiting: few('With a message that waits to be sent.'),
    not_sent: few('With a message of the last 7 days that failed or whose outcome is unknown.'),
    saved_views: z
      .array(
        z.strictObject({
          id: idSchema('saved_view'),
          conversations: few('The conversations of the view.'),
        }),
      )
      .meta({ description: 'The saved views of the caller and of the workspace, by name.' }),
  })
  .meta({ id: 'ConversationCounts' });

export const savedViewExample = { saved_view_id: idExamples.saved_view, name: 'Waits over half an hour' };
