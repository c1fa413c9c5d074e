// Teams, who is in them, how they give out conversations, and who is available.
import { z } from 'zod';
import { timeZoneSchema } from './accounts.ts';
import { changeBody, nameSchema, requestObject, storableYear, timeInputSchema, timeSchema } from './common.ts';
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
  description:
    'When the choice ends: online then becomes offline, the others online. The hours decide where the person follows them. Null until the next choice.',
});
const followsHours = z.boolean().meta({
  description:
    'Whether the person is online as the hours of their teams begin, and offline as they end. Without such hours it changes nothing.',
});
const since = timeSchema.nullable().meta({ description: 'When the person chose it. Null before the first choice.' });

const aTimeOfDay = (pattern: RegExp, error: string) => z.string().regex(pattern, { error });
const opens = aTimeOfDay(/^([01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day, like 09:00.');
const closes = aTimeOfDay(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Must be a time of day, like 18:00, or 24:00.');

/** How many intervals the week of a team may have, and how many closed days are known. */
export const mostIntervals = 50;
export const mostHolidays = 100;

const intervalSchema = requestObject({
  weekday: whole(1, 7).meta({ description: 'The day: 1 is Monday, 7 is Sunday.' }),
  opens: opens.meta({ description: 'From this time by the clock of the zone.', example: '09:00' }),
  closes: closes.meta({ description: 'Until this time. 24:00 is the end of the day.', example: '18:00' }),
}).refine(({ opens, closes }) => opens < closes, { path: ['closes'], error: 'Must be after opens.' });

const holidaySchema = requestObject({
  date: z.iso
    .date({ error: 'Must be a date, like 2026-12-25.', abort: true })
    .refine(...storableYear)
    .meta({ description: 'The day, by the calendar of the zone.', example: '2026-12-25' }),
  name: nameSchema(100).meta({ description: 'What it is called.', example: 'Christmas' }),
});

const areApart = (intervals: readonly { weekday: number; opens: string; closes: string }[]) =>
  intervals.every((one, place) =>
    intervals.every(
      (other, at) =>
        at <= place || other.weekday !== one.weekday || other.closes <= one.opens || one.closes <= other.opens,
    ),
  );

const hoursFields = {
  time_zone: timeZoneSchema.meta({ description: 'The IANA time zone of the hours and of the closed days.' }),
  intervals: z
    .array(intervalSchema)
    .min(1, { error: 'Must have at least one interval.' })
    .max(mostIntervals, { error: `Must have at most ${mostIntervals} intervals.` })
    .refine(areApart, { error: 'Must not overlap.' })
    .meta({ description: 'When the team works in a week. A night is two of them: until 24:00, and from 00:00.' }),
};

const holidaysInput = z
  .array(holidaySchema)
  .max(mostHolidays, { error: `Must have at most ${mostHolidays} days.` })
  .refine(days => new Set(days.map(({ date }) => date)).size === days.length, { error: 'Must not repeat a day.' });
const ofHolidays = { description: 'The days on which the team is closed, whatever the weekday.' };

const ofHours =
  'When the team works. The time to answer then runs in these hours only, and waits are measured in them too. Null: the whole day, on all days.';

const hoursInput = requestObject({
  ...hoursFields,
  holidays: holidaysInput.optional().meta({ ...ofHolidays, description: `${ofHolidays.description} Default: none.` }),
})
  .nullable()
  .meta({ description: ofHours });

export const businessHoursSchema = z
  .strictObject({ ...hoursFields, holidays: z.array(holidaySchema).meta(ofHolidays) })
  .meta({ id: 'BusinessHours' });
export type BusinessHours = z.infer<typeof businessHoursSchema>;

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
    description:
      'A conversation goes back to the team if its assignee has not answered by then, in the hours of the team where it has any. Null: never.',
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
  hours: hoursInput.optional(),
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
    hours: businessHoursSchema.nullable().meta({ description: ofHours }),
    open_until: timeSchema.nullable().meta({
      description: 'When these hours end. Null outside of them, without any, and where that is more than a week away.',
    }),
    account_ids: z.array(idSchema('account')).meta({
      description: 'The accounts whose new conversations are of the team.',
    }),
    members: z.array(memberSchema).meta({ description: 'Its members, by name.' }),
    open: z.number().int().meta({ description: 'Its open conversations, of the accounts that the caller sees.' }),
    unassigned: z.number().int().meta({ description: 'Those of them that are of nobody.' }),
    waiting_since: timeSchema.nullable().meta({
      description: 'The time of the oldest message that nobody answered, among those of nobody. Null if none waits.',
    }),
    nobody_online: z.boolean().meta({ description: 'Whether somebody waits for the team, and no member is online.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof teamSchema>;

export const teamList = z
  .strictObject({ data: z.array(teamSchema).meta({ description: 'All teams, by name.' }) })
  .meta({ id: 'TeamList' });

export const setAvailabilityBody = requestObject({
  status: status.optional(),
  until: timeInputSchema.nullable().optional().meta({
    description:
      'When the choice ends, at most a year from now. online then becomes offline, the others online. Null, the default: with the next choice.',
  }),
  follows_hours: followsHours.optional(),
})
  .refine(({ status, follows_hours }) => status !== undefined || follows_hours === true, {
    path: ['status'],
    error: 'Must be given, unless follows_hours is true.',
  })
  .refine(({ status, until }) => status !== undefined || until == null, {
    path: ['until'],
    error: 'Must be given with a status only.',
  })
  .meta({
    description: 'Without a status the hours say it. A choice of your own holds until the hours begin or end.',
    example: { status: 'online' },
  });

export const availabilitySchema = z
  .strictObject({
    person_id: idSchema('person'),
    name: z.string().meta({ description: 'The name of the person.' }),
    status,
    until,
    since,
    follows_hours: followsHours,
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
  follows_hours: z
    .boolean()
    .meta({ description: 'Whether the hours of their teams make the person online and offline.' }),
});

export const availabilityEventExample = {
  person_id: idExamples.person,
  status: 'away',
  until: null,
  follows_hours: false,
};

/** The team of something that is saved for it. */
export const teamOfScope = idSchema('team').optional().meta({ description: 'The team. Only with the scope team.' });

/** The rule for what is saved for the caller, a team or the workspace: a team is named where it is for one. */
export const teamRule: [
  (body: { scope?: string | undefined; team_id?: string | undefined }) => boolean,
  { path: string[]; error: string },
] = [
  ({ scope, team_id }) => (scope === 'team') === (team_id !== undefined),
  { path: ['team_id'], error: 'Must be given with the scope team, and only with it.' },
];
