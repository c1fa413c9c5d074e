// Teams, and who is available.
import type { CreateTeamBody, RecadoEvent, SetMyAvailabilityBody, Team, UpdateTeamBody } from '@recado/client';
import { type QueryKey, queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { changedState } from './conversations-cache.ts';
import { useMe } from './me.ts';
import { useIsTeam } from './people.ts';

const teamKeys = {
  all: ['teams'] as const,
  availability: ['availability'] as const,
};

export const teamsQuery = queryOptions({
  queryKey: teamKeys.all,
  queryFn: async ({ signal }) => (await recado.teams.list({ signal })).data,
});

/** Who is online, away and offline, of the whole workspace. */
const availabilityQuery = queryOptions({
  queryKey: teamKeys.availability,
  queryFn: async ({ signal }) => (await recado.teams.availability({ signal })).data,
});

/** Loads change with each conversation that somebody gets or ends. */
export const staleTeams = (event: RecadoEvent): QueryKey[] => {
  if (event.type === 'availability.changed') return [teamKeys.availability, teamKeys.all];
  return event.type.startsWith('team.') || changedState(event) !== undefined ? [teamKeys.all] : [];
};

const none: readonly Team[] = [];

/** The teams; none in a workspace of one person. */
export function useTeams(): readonly Team[] {
  return useQuery({ ...teamsQuery, enabled: useIsTeam() }).data ?? none;
}

/** The teams that the person is in. */
export function useMyTeams(): readonly Team[] {
  const me = useMe().person?.id;
  const teams = useTeams();
  return useMemo(() => teams.filter(({ members }) => members.some(({ person_id }) => person_id === me)), [teams, me]);
}

/** What each person chose, by id; nobody in a workspace of one person. */
export function useAvailability() {
  const { data = [] } = useQuery({ ...availabilityQuery, enabled: useIsTeam() });
  return data;
}

/** What the person chose; undefined in a workspace of one, and before it is known. */
export function useMyAvailability() {
  const me = useMe().person?.id;
  return useAvailability().find(({ person_id }) => person_id === me);
}

const all = () => [teamKeys.all];

export const setAvailability = change(
  (body: SetMyAvailabilityBody) => recado.me.setAvailability(body),
  () => [teamKeys.availability, teamKeys.all],
);

export const createTeam = change((body: CreateTeamBody) => recado.teams.create(body), all);

export const updateTeam = change(
  ({ id, ...body }: UpdateTeamBody & { id: string }) => recado.teams.update(id, body),
  all,
);

export const deleteTeam = change((id: string) => recado.teams.delete(id), all);

/** For whom something is saved, by the choice of a list: personal, workspace, or the id of a team. */
export const sharedWith = (choice: string) =>
  choice === 'personal' || choice === 'workspace'
    ? ({ scope: choice } as const)
    : ({ scope: 'team', team_id: choice } as const);
