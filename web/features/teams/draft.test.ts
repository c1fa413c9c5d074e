// Only what somebody typed of a team is sent; a colleague's change in between stays.
import type { Team } from '@recado/client';
import { expect, test } from 'vitest';
import { bothChangedMembers, changesOf, draftWith, nothingTyped, typeOver, withBothMembers } from './draft.ts';

const member = (id: string, capacity: number) => ({ person_id: id, name: id, capacity });
const teamOf = (part: object) =>
  ({
    mode: 'manual',
    sticky: true,
    capacity: null,
    reassign_after_minutes: null,
    offline_policy: 'keep',
    offline_grace_minutes: 5,
    account_ids: [],
    members: [member('ana', 10), member('leo', 10)],
    ...part,
  }) as unknown as Team;
const membersOf = (team: Team, typed: typeof nothingTyped) =>
  draftWith(team, typed).members.map(({ id, capacity }) => [id, capacity]);

const team = teamOf({});
const [ana, leo] = draftWith(team, nothingTyped).members;
if (!ana || !leo) throw new Error('the team has two members');

test('a field that nobody typed follows the team, and is not sent', () => {
  const typed = typeOver(team, nothingTyped, { capacity: '20' });
  const newer = teamOf({ mode: 'balanced', reassign_after_minutes: 30 });
  expect(draftWith(newer, typed)).toMatchObject({ mode: 'balanced', reassign: '30', capacity: '20' });
  expect(changesOf(newer, typed)).toEqual({ capacity: 20 });
});

test('a field that is back at its first value is not sent', () => {
  const typed = typeOver(team, typeOver(team, nothingTyped, { capacity: '2' }), { capacity: '' });
  expect(typed).toEqual(nothingTyped);
  expect(changesOf(teamOf({ capacity: 7 }), typed)).toBeUndefined();
});

test('members that both changed are put together', () => {
  const added = { id: 'mia', name: 'mia', capacity: '10' };
  const typed = typeOver(team, nothingTyped, { members: [{ ...ana, capacity: '3' }, added], sticky: false });
  // The other order of the same members is no change.
  expect(bothChangedMembers(teamOf({ members: [member('leo', 10), member('ana', 10)] }), typed)).toBe(false);
  const newer = teamOf({ members: [member('ana', 10), member('leo', 4), member('tom', 10)] });
  expect(bothChangedMembers(newer, typed)).toBe(true);
  const both = withBothMembers(newer, typed);
  expect(membersOf(newer, both)).toEqual([
    ['ana', '3'],
    ['tom', '10'],
    ['mia', '10'],
  ]);
  expect(bothChangedMembers(newer, both)).toBe(false);
  expect(Object.keys(changesOf(newer, both) ?? {}).sort()).toEqual(['members', 'sticky']);
});
