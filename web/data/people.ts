// The people of the workspace, and who is invited.
import type { CreateInvitationBody, UpdatePersonBody } from '@recado/client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery, readWhole } from './list.ts';
import { useMay, useMe } from './me.ts';

const peopleKeys = {
  all: ['people'] as const,
  pages: ['people', 'pages'] as const,
  whole: ['people', 'whole'] as const,
  invitations: ['invitations'] as const,
};

export const peopleQuery = listQuery(peopleKeys.pages, (query, options) => recado.people.list(query, options));

/** All people by name, to search them and to choose from. */
export const allPeopleQuery = queryOptions({
  queryKey: peopleKeys.whole,
  queryFn: async ({ signal }) => {
    const whole = await readWhole(recado.people.list({ limit: 100 }, { signal }));
    return { ...whole, rows: whole.rows.toSorted((one, other) => one.name.localeCompare(other.name)) };
  },
  staleTime: 60_000,
});

/** How many people show that a workspace is a team. */
const fewest = 2;

/** The workspace that was a team when its people were last read in this browser. */
const teamKey = 'recado.team';

/**
 * Whether more than one person works in the workspace, so that conversations are somebody's. Until its people are read,
 * it is as it was last.
 */
export function useIsTeam(): boolean {
  const workspace = useMe().workspace.id;
  const mayRead = useMay('people.read');
  const people = useQuery({ ...allPeopleQuery, enabled: mayRead }).data?.rows;
  const isTeam = people && people.filter(({ disabled }) => !disabled).length >= fewest;
  useEffect(() => {
    if (isTeam === true) localStorage.setItem(teamKey, workspace);
    else if (isTeam === false && localStorage.getItem(teamKey) === workspace) localStorage.removeItem(teamKey);
  }, [isTeam, workspace]);
  return mayRead && (isTeam ?? localStorage.getItem(teamKey) === workspace);
}

const all = () => [peopleKeys.all];

export const updatePerson = change(
  ({ id, ...body }: UpdatePersonBody & { id: string }) => recado.people.update(id, body),
  all,
);

export const removePerson = change((id: string) => recado.people.remove(id), all);

/** A link with which the person sets a new password. */
export const createResetLink = (id: string) => recado.people.createResetLink(id);

export const invitationsQuery = listQuery(peopleKeys.invitations, (query, options) =>
  recado.invitations.list(query, options),
);

const invitations = () => [peopleKeys.invitations];

export const createInvitation = change((body: CreateInvitationBody) => recado.invitations.create(body), invitations);

export const revokeInvitation = change((id: string) => recado.invitations.revoke(id), invitations);
