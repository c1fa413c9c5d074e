// The rules of roles, as pure functions: who may change whom.
import { type ConversationLimit, type Role, rolePermissions, roles } from '@recado/contract';
import { commonProblem } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { problem } from './errors.ts';

export interface Member {
  personId: string;
  role: Role;
  /** UUIDs; null for all. */
  accounts: string[] | null;
  conversations: ConversationLimit;
  seesNumbers: boolean;
  disabled: boolean;
}

export interface Change {
  role?: Role | undefined;
  accounts?: string[] | null | undefined;
  conversations?: ConversationLimit | undefined;
  seesNumbers?: boolean | undefined;
  disabled?: boolean | undefined;
}

/** Higher ranks have more permissions. */
export const rankOf = (role: Role): number => -roles.indexOf(role);

/** The caller as a current member who may manage people. @throws AppError */
export function standing(members: readonly Member[], callerId: string): Member {
  const caller = members.find(member => member.personId === callerId);
  if (!caller || caller.disabled || !rolePermissions[caller.role].has('people.manage'))
    throw commonProblem('forbidden', 'This needs the permission people.manage.');
  return caller;
}

/** @throws AppError */
export function demandRank(caller: Member, role: Role): void {
  if (rankOf(role) > rankOf(caller.role)) throw problem('role_above_yours');
}

/** Only agents and viewers can be limited. @throws AppError */
export function demandLimitable({
  role,
  accounts,
  conversations,
  seesNumbers,
}: Omit<Member, 'personId' | 'disabled'>): void {
  if (role !== 'owner' && role !== 'admin') return;
  if (accounts !== null)
    throw invalid('account_ids', `An ${role} sees every account: use null, or the role agent or viewer.`);
  if (conversations !== 'all')
    throw invalid('conversations', `An ${role} reads every conversation: use all, or the role agent or viewer.`);
  if (!seesNumbers)
    throw invalid('sees_numbers', `An ${role} sees every number: use true, or the role agent or viewer.`);
}

/** The member to change, and the caller. @throws AppError */
export function demandTarget(members: readonly Member[], callerId: string, targetId: string) {
  const caller = standing(members, callerId);
  const target = members.find(member => member.personId === targetId);
  if (!target) throw problem('person_not_found');
  demandRank(caller, target.role);
  return { caller, target };
}

/** The changed member; undefined removes the member. @throws AppError if it is not allowed */
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
    conversations: change.conversations ?? target.conversations,
    seesNumbers: change.seesNumbers ?? target.seesNumbers,
    disabled: change.disabled ?? target.disabled,
  };
  if (after) {
    demandRank(caller, after.role);
    demandLimitable(after);
  }
  const left = members.map(member => (member === target ? after : member));
  if (isOwner(target) && !left.some(isOwner)) throw problem('last_owner');
  return { before: target, after };
}

const isOwner = (member: Member | undefined): boolean => member?.role === 'owner' && !member.disabled;

/** Whether the member has fewer rights afterwards, so that earlier grants must end. */
export const isLess = (before: Member, after: Member | undefined): boolean =>
  !after || (after.disabled && !before.disabled) || rankOf(after.role) < rankOf(before.role);

/** Whether the change has no effect. The accounts are a set. */
export const isSame = (before: Member, after: Member | undefined): boolean =>
  after !== undefined &&
  after.role === before.role &&
  after.disabled === before.disabled &&
  after.conversations === before.conversations &&
  after.seesNumbers === before.seesNumbers &&
  String(sorted(after.accounts)) === String(sorted(before.accounts));

const sorted = (accounts: string[] | null) => accounts && [...new Set(accounts)].sort();
