// What somebody has typed of a team, and what of it is sent.
import type { Team, UpdateTeamBody } from '@recado/client';

export interface DraftMember {
  id: string;
  name: string;
  capacity: string;
}

export interface Draft {
  mode: Team['mode'];
  sticky: boolean;
  capacity: string;
  reassign: string;
  policy: Team['offline_policy'];
  grace: string;
  accounts: readonly string[];
  members: readonly DraftMember[];
}

const textOf = (value: number | null) => (value === null ? '' : String(value));
const numberOf = (text: string) => (text.trim() === '' ? null : Number(text));

export const draftOf = (team: Team): Draft => ({
  mode: team.mode,
  sticky: team.sticky,
  capacity: textOf(team.capacity),
  reassign: textOf(team.reassign_after_minutes),
  policy: team.offline_policy,
  grace: textOf(team.offline_grace_minutes),
  accounts: team.account_ids,
  members: team.members.map(({ person_id: id, name, capacity }) => ({ id, name, capacity: String(capacity) })),
});

const defaultCapacity = '10';

export const withMember = (draft: Draft, id: string, name: string): Draft => ({
  ...draft,
  members: [...draft.members, { id, name, capacity: defaultCapacity }],
});

/** The most of each number that the server takes. */
export const most = { capacity: 10_000, reassign: 10_080, grace: 1_440, member: 1_000 };

const isWhole = (text: string, highest: number, mayBeEmpty = false) =>
  (mayBeEmpty && text.trim() === '') || (/^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= highest);

/** The fields that are no whole number in their range; those of members by their ids. */
export function wrongIn({ capacity, reassign, grace, members }: Draft): ReadonlySet<string> {
  return new Set([
    ...(isWhole(capacity, most.capacity, true) ? [] : ['capacity']),
    ...(isWhole(reassign, most.reassign, true) ? [] : ['reassign']),
    ...(isWhole(grace, most.grace) ? [] : ['grace']),
    ...members.filter(member => !isWhole(member.capacity, most.member)).map(({ id }) => id),
  ]);
}

/** What differs from the team; undefined if nothing does. */
export function changesOf(team: Team, draft: Draft): UpdateTeamBody | undefined {
  const before = draftOf(team);
  const differs = (name: keyof Draft) => JSON.stringify(before[name]) !== JSON.stringify(draft[name]);
  const body: UpdateTeamBody = {
    ...(differs('mode') && { mode: draft.mode }),
    ...(differs('sticky') && { sticky: draft.sticky }),
    ...(differs('capacity') && { capacity: numberOf(draft.capacity) }),
    ...(differs('reassign') && { reassign_after_minutes: numberOf(draft.reassign) }),
    ...(differs('policy') && { offline_policy: draft.policy }),
    ...(differs('grace') && { offline_grace_minutes: Number(draft.grace) }),
    ...(differs('accounts') && { account_ids: [...draft.accounts] }),
    ...(differs('members') && {
      members: draft.members.map(({ id, capacity }) => ({ person_id: id, capacity: Number(capacity) })),
    }),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}
