import { type Permission, type Role, rolePermissions, roles } from '@recado/contract';

/** The roles that somebody of this role may give: nobody makes owners but owners. */
export const grantable = (mine: Role | null): readonly Role[] =>
  mine === 'owner' ? roles : roles.filter(role => role !== 'owner');

/** What a role may do, in a few lines; each line stands for its permission. */
export const roleLines = [
  ['read', 'messages.read'],
  ['write', 'messages.create'],
  ['contacts', 'contacts.manage'],
  ['accounts', 'accounts.manage'],
  ['people', 'people.manage'],
  ['workspace', 'workspace.manage'],
] as const satisfies readonly (readonly [string, Permission])[];

export const hasRole = (role: Role, permission: Permission): boolean => rolePermissions[role].has(permission);
