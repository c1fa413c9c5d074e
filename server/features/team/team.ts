// A team: its settings as a request gives them, and how it is shown.
import type { Availability, BusinessHours, CreateTeam, Team, UpdateTeam } from '@recado/contract';
import { toId, toUuid } from '../../kit/ids.ts';
import type { AvailabilityRow } from './availability-store.ts';
import type { NewMember, TeamRow, TeamSettings } from './team-store.ts';

const defaults: Omit<TeamSettings, 'name'> = {
  mode: 'manual',
  sticky: true,
  capacity: null,
  reassign_after_minutes: null,
  offline_policy: 'grace',
  offline_grace_minutes: 5,
  hours: null,
};

const defaultCapacity = 10;

const settingNames = [
  'name',
  'mode',
  'sticky',
  'capacity',
  'reassign_after_minutes',
  'offline_policy',
  'offline_grace_minutes',
] as const satisfies (keyof TeamSettings)[];

/** Hours as they are kept: the week and the closed days in order. */
const keptHours = (hours: NonNullable<UpdateTeam['hours']>): BusinessHours => ({
  time_zone: hours.time_zone,
  intervals: inOrder(hours.intervals, ({ weekday, opens }) => `${weekday} ${opens}`),
  holidays: inOrder(hours.holidays ?? [], ({ date }) => date),
});

const inOrder = <Item>(items: Item[], keyOf: (item: Item) => string): Item[] =>
  items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));

/** The settings of a team after a request. Absent fields stay as they are. */
export function settingsOf(before: TeamSettings, body: UpdateTeam): TeamSettings {
  const given = Object.fromEntries(
    settingNames.flatMap(name => (body[name] === undefined ? [] : [[name, body[name]]])),
  );
  const kept = Object.fromEntries(settingNames.map(name => [name, before[name]]));
  const hours = body.hours === undefined ? before.hours : body.hours && keptHours(body.hours);
  return { ...(kept as unknown as TeamSettings), ...given, hours };
}

/** The settings of a new team. */
export const newSettings = (body: CreateTeam): TeamSettings => settingsOf({ ...defaults, name: body.name }, body);

/** The members that a request names. */
export const membersOf = (members: NonNullable<UpdateTeam['members']>): NewMember[] =>
  members.map(({ person_id, capacity = defaultCapacity }) => ({ person: toUuid(person_id), capacity }));

export const presentTeam = (row: TeamRow): Team => ({
  id: toId('team', row.id),
  name: row.name,
  mode: row.mode,
  sticky: row.sticky,
  capacity: row.capacity,
  reassign_after_minutes: row.reassign_after_minutes,
  offline_policy: row.offline_policy,
  offline_grace_minutes: row.offline_grace_minutes,
  hours: row.hours,
  open_until: row.open_until?.toISOString() ?? null,
  account_ids: row.accounts.map(id => toId('account', id)),
  members: row.members.map(member => ({ ...member, person_id: toId('person', member.person_id) })),
  open: row.open,
  unassigned: row.unassigned,
  waiting_since: row.waiting_since?.toISOString() ?? null,
  nobody_online: row.waiting_since !== null && row.members.every(({ status }) => status !== 'online'),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const presentAvailability = (row: AvailabilityRow): Availability => ({
  person_id: toId('person', row.person_id),
  name: row.name,
  status: row.status,
  until: row.until?.toISOString() ?? null,
  since: row.since?.toISOString() ?? null,
  follows_hours: row.follows_hours,
});
