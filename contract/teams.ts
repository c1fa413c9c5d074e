// Teams, who is in them, how they give out conversations, and who is available.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, timeInputSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

/** How a team gives out what waits for it: not at all, in turn, or to the person with the fewest. */
export const teamModes = ['manual', 'round_robin', 'balanced'] as const;
export type TeamMode = (typeof teamModes)[number];

/** What becomes of the open conversations of a member who goes offline. */
export const offlinePolicies = ['keep', 'grace', 'to_team'] as const;
export type OfflinePolicy = (typeof offlinePolicies)[number];

export const availabilities = ['online', 'away', 'offline'] as const;
export type AvailabilityStatus = (typeof availabilities)[number];

/** How many teams a workspace may have, and how many members a team. */
export const mostTeams = 50;
export const mostTeamMembers = 200;

const defaultCapacity = 10;

const whole = (min: number, max: number) =>
  z
    .int({ error: 'Must be a whole number.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` });

const status = z.enum(availabilities, { error: `Must be one of ${availabilities.join(', ')}.` }).meta({
  description:
    'online: conversations are given to the person. away: the person keeps theirs, and gets none. offline: the policy of the team decides about theirs. away is the state before the first choice.',
});
const until = timeSchema.nullable().meta({
  description: 'When the choice ends: online then becomes offline, the others online. Null until the next choice.',
});
const since = timeSchema.nullable().meta({ description: 'When the person chose it. Null before the first choice.' });

const teamFields = {
  name: nameSchema(50).meta({
    description: 'The name. Unique in the workspace, without regard to case and accents.',
    example: 'Lisbon',
  }),
  mode: z.enum(teamModes, { error: `Must be one of ${teamModes.join(', ')}.` }).meta({
    description:
      'manual: people take and give conversations. round_robin: the member who got one longest ago gets the next. balanced: the member with the fewest, and among equals who got one longest ago.',
  }),
  sticky: z.boolean().meta({
    description: 'Whether the member who had the person last gets the conversation, if online and with room.',
  }),
  capacity: whole(1, 10_000).nullable().meta({
    description: 'The most open conversations that the members have together. Null: only their own capacity counts.',
  }),
  reassign_after_minutes: whole(1, 10_080).nullable().meta({
    description: 'A conversation goes back to the team if its assignee has not answered by then. Null: never.',
  }),
  offline_policy: z.enum(offlinePolicies, { error: `Must be one of ${offlinePolicies.join(', ')}.` }).meta({
    description:
      'What becomes of the open conversations of a member who goes offline. keep: they stay. grace: they go back to the team, unless the member returns in time. to_team: they go back at once.',
  }),
  offline_grace_minutes: whole(1, 1_440).meta({ description: 'The time to return, where the policy is grace.' }),
};

const accountIds = z
  .array(idSchema('account'))
  .max(1_000, { error: 'Must have at most 1000 accounts.' })
  .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat an account.' });

const membersInput = z
  .array(
    requestObject({
      person_id: idSchema('person'),
      capacity: whole(1, 1_000)
        .optional()
        .meta({ description: `The most open conversations that the member has. Default: ${defaultCapacity}.` }),
    }),
  )
  .max(mostTeamMembers, { error: `Must have at most ${mostTeamMembers} members.` })
  .refine(members => new Set(members.map(({ person_id }) => person_id)).size === members.length, {
    error: 'Must not repeat a person.',
  });

const optionalFields = {
  mode: teamFields.mode.optional(),
  sticky: teamFields.sticky.optional(),
  capacity: teamFields.capacity.optional(),
  reassign_after_minutes: teamFields.reassign_after_minutes.optional(),
  offline_policy: teamFields.offline_policy.optional(),
  offline_grace_minutes: teamFields.offline_grace_minutes.optional(),
  account_ids: accountIds.optional().meta({
    description:
      'The accounts whose new conversations are of the team. An account has one team at most: it leaves the other.',
  }),
  members: membersInput.optional().meta({ description: 'All members from now on: people who may answer.' }),
};

export const createTeamBody = requestObject({ name: teamFields.name, ...optionalFields }).meta({
  description: 'Without more than a name: manual, sticky, no limits, a grace of 5 minutes, and nobody in it.',
  example: { name: 'Lisbon', mode: 'balanced', account_ids: [idExamples.account] },
});
export type CreateTeam = z.output<typeof createTeamBody>;

export const updateTeamBody = changeBody({ name: teamFields.name.optional(), ...optionalFields });
export type UpdateTeam = z.output<typeof updateTeamBody>;

/** A team as conversations show it. */
export const shownTeamSchema = z
  .strictObject({
    id: idSchema('team'),
    name: z.string().meta({ description: 'The current name.', example: 'Lisbon' }),
  })
  .meta({ id: 'ShownTeam' });

const memberSchema = z.strictObject({
  person_id: idSchema('person'),
  name: z.string().meta({ description: 'The name of the person.' }),
  status,
  until,
  capacity: z.number().int().meta({ description: 'The most open conversations that the member has.' }),
  open: z.number().int().meta({
    description:
      'The open conversations of the member that count, of all teams: not those that have waited for the other side for a day.',
  }),
  last_assigned_at: timeSchema.nullable().meta({ description: 'When the team last gave the member one.' }),
});

export const teamSchema = z
  .strictObject({
    id: idSchema('team'),
    ...teamFields,
    account_ids: z.array(idSchema('account')).meta({
      description: 'The accounts whose new conversations are of the team.',
    }),
    members: z.array(memberSchema).meta({ description: 'Its members, by name.' }),
    open: z.number().int().meta({ description: 'Its open conversations, of the accounts that the caller sees.' }),
    unassigned: z.number().int().meta({ description: 'Those of them that are of nobody.' }),
    waiting_since: timeSchema.nullable().meta({
      description: 'The time of the oldest message that nobody answered, among those of nobody. Null if none waits.',
    }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof teamSchema>;

export const teamList = z
  .strictObject({ data: z.array(teamSchema).meta({ description: 'All teams, by name.' }) })
  .meta({ id: 'TeamList' });

export const setAvailabilityBody = requestObject({
  status,
  until: timeInputSchema.nullable().optional().meta({
    description:
      'When the choice ends, at most a year from now. online then becomes offline, the others online. Null, the default: with the next choice.',
  }),
}).meta({ example: { status: 'online' } });

export const availabilitySchema = z
  .strictObject({
    person_id: idSchema('person'),
    name: z.string().meta({ description: 'The name of the person.' }),
    status,
    until,
    since,
  })
  .meta({ id: 'Availability' });
export type Availability = z.infer<typeof availabilitySchema>;

export const availabilityList = z
  .strictObject({
    data: z.array(availabilitySchema).meta({ description: 'Everybody who works in the workspace, by name.' }),
  })
  .meta({ id: 'AvailabilityList' });

/** The data of the events of teams. */
export const teamEventData = z.strictObject({
  team_id: idSchema('team'),
  name: z.string().meta({ description: 'The name of the team.' }),
});

export const teamEventExample = { team_id: idExamples.team, name: 'Lisbon' };

/** The data of the event of a choice. */
export const availabilityEventData = z.strictObject({
  person_id: idSchema('person'),
  status: z.enum(availabilities).meta({ description: 'What the person is from now on.' }),
  until: timeSchema.nullable().meta({ description: 'When that ends. Null: with the next choice.' }),
});

export const availabilityEventExample = { person_id: idExamples.person, status: 'away', until: null };
