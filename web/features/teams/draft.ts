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

const draftOf = (team: Team): Draft => ({
  mode: team.mode,
  sticky: team.sticky,
  capacity: textOf(team.capacity),
  reassign: textOf(team.reassign_after_minutes),
  policy: team.offline_policy,
  grace: textOf(team.offline_grace_minutes),
  accounts: team.account_ids,
  members: team.members.map(({ person_id: id, name, capacity }) => ({ id, name, capacity: String(capacity) })),
});

/** Fields that somebody has changed and not saved: each as it was when they began, and as it is now. */
export interface Typed {
  before: Partial<Draft>;
  now: Partial<Draft>;
}

export const nothingTyped: Typed = { before: {}, now: {} };

/** The team with the typed fields over it. The other fields follow the team, which a colleague may change. */
export const draftWith = (team: Team, { now }: Typed): Draft => ({ ...draftOf(team), ...now });

const names = ['mode', 'sticky', 'capacity', 'reassign', 'policy', 'grace', 'accounts', 'members'] as const;

/** Members are the same without regard to their order and their names, which are no setting of the team. */
const keyOf = (name: keyof Draft, { [name]: value, members }: Partial<Draft>) =>
  JSON.stringify(name === 'members' ? members?.map(({ id, capacity }) => [id, capacity]).sort() : value);

const only = (draft: Partial<Draft>, kept: readonly (keyof Draft)[]): Partial<Draft> =>
  Object.fromEntries(kept.map(name => [name, draft[name]]));

/** Adds changed fields to the typed ones. A field that is back at its first value is no longer changed. */
export function typeOver(team: Team, typed: Typed, part: Partial<Draft>): Typed {
  const before = { ...draftOf(team), ...typed.before };
  const now = { ...typed.now, ...part };
  const changed = names.filter(name => name in now && keyOf(name, before) !== keyOf(name, now));
  return { before: only(before, changed), now: only(now, changed) };
}

/** Whether a colleague has changed the members since somebody began to: they are saved as one list. */
export const bothChangedMembers = (team: Team, { before, now }: Typed): boolean => {
  const theirs = keyOf('members', draftOf(team));
  return now.members !== undefined && keyOf('members', before) !== theirs && keyOf('members', now) !== theirs;
};

/** The members of the colleague, with the typed changes over them. */
export function withBothMembers(team: Team, { before, now }: Typed): Typed {
  const find = (members: readonly DraftMember[] | undefined, id: string) => members?.find(member => member.id === id);
  const { members: theirs } = draftOf(team);
  const kept = theirs.filter(({ id }) => find(now.members, id) || !find(before.members, id));
  const added = (now.members ?? []).filter(({ id }) => !find(before.members, id) && !find(theirs, id));
  const members = kept.map(member => {
    const own = find(now.members, member.id);
    return own && own.capacity !== find(before.members, member.id)?.capacity ? own : member;
  });
  const others = names.filter(name => name !== 'members' && name in now);
  const rest = { before: only(before, others), now: only(now, others) };
  return typeOver(team, rest, { members: [...members, ...added] });
}

const defaultCapacity = '10';

export const withMember = ({ members }: Draft, id: string, name: string): readonly DraftMember[] => [
  ...members,
  { id, name, capacity: defaultCapacity },
];

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

/** The body to send: the typed fields that differ from the team. Undefined if none does. */
export function changesOf(team: Team, typed: Typed): UpdateTeamBody | undefined {
  const before = draftOf(team);
  const draft = draftWith(team, typed);
  const differs = (name: keyof Draft) => name in typed.now && keyOf(name, before) !== keyOf(name, draft);
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
