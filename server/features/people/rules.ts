// Who may make what of whom: the rules of roles, apart from where the members are kept.
import { type Role, rolePermissions, roles } from '@recado/contract';
import { refuseCommon } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { refuse } from './errors.ts';

export interface Member {
  personId: string;
  role: Role;
  /** UUIDs; null for all. */
  accounts: string[] | null;
  disabled: boolean;
}

export interface Change {
  role?: Role | undefined;
  accounts?: string[] | null | undefined;
  disabled?: boolean | undefined;
}

/** The higher, the more it may do. */
export const rankOf = (role: Role): number => -roles.indexOf(role);

/** The caller as the members have it at this moment, who may manage people. @throws AppError */
export function standing(members: readonly Member[], callerId: string): Member {
  const caller = members.find(member => member.personId === callerId);
  if (!caller || caller.disabled || !rolePermissions[caller.role].has('people.manage'))
    throw refuseCommon('forbidden', 'This needs the permission people.manage.');
  return caller;
}

/** @throws AppError */
export function demandRank(caller: Member, role: Role): void {
  if (rankOf(role) > rankOf(caller.role)) throw refuse('role_above_yours');
}

/** Only agents and viewers can be limited to accounts. @throws AppError */
export function demandLimitable(role: Role, accounts: readonly string[] | null): void {
  if (accounts !== null && (role === 'owner' || role === 'admin'))
    throw invalid('account_ids', `An ${role} can access all accounts: send null, or choose agent or viewer.`);
}

/** The member that somebody wants to change, and who wants it. @throws AppError */
export function demandTarget(members: readonly Member[], callerId: string, targetId: string) {
  const caller = standing(members, callerId);
  const target = members.find(member => member.personId === targetId);
  if (!target) throw refuse('person_not_found');
  demandRank(caller, target.role);
  return { caller, target };
}

/** What the change makes of a member; undefined takes the member out. @throws AppError where it is not allowed */
export function changeMember(
  members: readonly Member[],
  callerId: string,
  targetId: string,
  change: Change | undefined,
): { before: Member; after: Member | undefined } {
  const { caller, target } = demandTarget(members, callerId, targetId);
  const after: Member | undefined = change && {
    personId: targetId,
    role: change.role ?? target.role,
    accounts: change.accounts === undefined ? target.accounts : change.accounts,
    disabled: change.disabled ?? target.disabled,
  };
  if (after) {
    demandRank(caller, after.role);
    demandLimitable(after.role, after.accounts);
  }
  const left = members.map(member => (member === target ? after : member));
  if (isOwner(target) && !left.some(isOwner)) throw refuse('last_owner');
  return { before: target, after };
}

const isOwner = (member: Member | undefined): boolean => member?.role === 'owner' && !member.disabled;

/** Whether the member may do less from now on, so that what it began must not outlast it. */
export const isLess = (before: Member, after: Member | undefined): boolean =>
  !after || (after.disabled && !before.disabled) || rankOf(after.role) < rankOf(before.role);

/** Whether the change changes nothing. The accounts are a set. */
export const isSame = (before: Member, after: Member | undefined): boolean =>
  after !== undefined &&
  after.role === before.role &&
  after.disabled === before.disabled &&
  String(sorted(after.accounts)) === String(sorted(before.accounts));

const sorted = (accounts: string[] | null) => accounts && [...new Set(accounts)].sort();
