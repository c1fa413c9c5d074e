// The role rules for every pair of caller and target.
import { roles } from '@recado/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kit/errors.ts';
import { type Change, changeMember, type Member, rankOf } from './rules.ts';

const member = (personId: string, role: Member['role'], more: Partial<Member> = {}): Member => ({
  personId,
  role,
  accounts: null,
  conversations: 'all',
  seesNumbers: true,
  disabled: false,
  ...more,
});

/** The result: the changed member, or the error code. */
function outcome(members: Member[], caller: string, target: string, change: Change | undefined) {
  try {
    return changeMember(members, caller, target, change).after ?? 'removed';
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).code;
  }
}

const people = [
  member('owner', 'owner'),
  member('admin', 'admin'),
  member('other admin', 'admin'),
  member('agent', 'agent'),
];

describe('an admin', () => {
  test('touches no owner', () => {
    for (const change of [{ role: 'agent' } as const, { disabled: true }, undefined])
      expect(outcome(people, 'admin', 'owner', change)).toBe('role_above_yours');
  });
  test('makes nobody an owner, themselves included', () => {
    for (const target of ['admin', 'agent'])
      expect(outcome(people, 'admin', target, { role: 'owner' })).toBe('role_above_yours');
  });
  test('changes other admins, and makes some', () => {
    expect(outcome(people, 'admin', 'other admin', undefined)).toBe('removed');
    expect(outcome(people, 'admin', 'agent', { role: 'admin' })).toMatchObject({ role: 'admin' });
  });
});

test('a person without the permission, disabled or removed changes nobody', () => {
  const disabled = [...people, member('off', 'owner', { disabled: true })];
  for (const caller of ['agent', 'off', 'stranger'])
    expect(outcome(disabled, caller, 'agent', { disabled: true })).toBe('forbidden');
});

test('only agents and viewers are limited to some conversations', () => {
  for (const role of ['owner', 'admin'] as const)
    expect(outcome(people, 'owner', 'agent', { role, conversations: 'own' })).toBe('invalid_request');
  expect(outcome(people, 'owner', 'agent', { conversations: 'own' })).toMatchObject({ conversations: 'own' });
});

test('only agents and viewers are limited to accounts', () => {
  for (const role of ['owner', 'admin'] as const)
    expect(outcome(people, 'owner', 'agent', { role, accounts: ['a'] })).toBe('invalid_request');
  expect(outcome(people, 'owner', 'agent', { accounts: ['a'] })).toMatchObject({ accounts: ['a'] });
  const limited = [...people, member('limited', 'viewer', { accounts: ['a'] })];
  expect(outcome(limited, 'owner', 'limited', { role: 'admin' })).toBe('invalid_request');
  expect(outcome(limited, 'owner', 'limited', { role: 'admin', accounts: null })).toMatchObject({ accounts: null });
});

test('after any requests in any order, an enabled owner remains, and nobody rises above their promoter', () => {
  const change = fc.record({ role: fc.constantFrom(...roles), disabled: fc.boolean() }, { requiredKeys: [] });
  const step = fc.tuple(fc.nat(4), fc.nat(4), fc.option(change, { nil: undefined }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      let members = [member('0', 'owner'), ...['1', '2', '3', '4'].map((id, n) => member(id, roles[n] ?? 'agent'))];
      for (const [caller, target, asked] of steps)
        try {
          const { before, after } = changeMember(members, String(caller), String(target), asked);
          const callerRank = rankOf(members.find(({ personId }) => personId === String(caller))?.role ?? 'viewer');
          expect(rankOf(before.role)).toBeLessThanOrEqual(callerRank);
          if (after) expect(rankOf(after.role)).toBeLessThanOrEqual(callerRank);
          members = members.flatMap(each => (each === before ? (after ?? []) : each));
          expect(members.some(each => each.role === 'owner' && !each.disabled)).toBe(true);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
    }),
  );
});
