// What a caller may be allowed to do, and what each role is allowed.
export const permissions = [
  'messages.create',
  'messages.read',
  'messages.update',
  'accounts.read',
  'accounts.manage',
  'contacts.read',
  'contacts.manage',
  'contacts.export',
  'contacts.erase',
  'media.create',
  'media.read',
  'media.delete',
  'workspace.read',
  'workspace.manage',
  'people.read',
  'people.manage',
  'keys.read',
  'keys.manage',
  'audit.read',
  'inbound.manage',
  'me.read',
  'me.manage',
] as const;

export type Permission = (typeof permissions)[number];

export const roles = ['owner', 'admin', 'agent', 'viewer'] as const;

export type Role = (typeof roles)[number];

const viewer: Permission[] = [
  'messages.read',
  'accounts.read',
  'contacts.read',
  'media.read',
  'workspace.read',
  'me.read',
  'me.manage',
];
const agent: Permission[] = [
  ...viewer,
  'messages.create',
  'messages.update',
  'contacts.manage',
  'media.create',
  'people.read',
];

/** The permissions of each role. Only owners manage the workspace itself, and other owners. */
export const rolePermissions: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
  admin: new Set(permissions.filter(permission => permission !== 'workspace.manage')),
  agent: new Set(agent),
  viewer: new Set(viewer),
};

/** What an API key can be allowed: nothing that makes people, keys or workspaces, so that a key cannot make itself more. */
export const keyScopes = [
  'messages.create',
  'messages.read',
  'messages.update',
  'accounts.read',
  'accounts.manage',
  'contacts.read',
  'contacts.manage',
  'contacts.export',
  'contacts.erase',
  'media.create',
  'media.read',
  'media.delete',
  'audit.read',
  'inbound.manage',
] as const satisfies readonly Permission[];

export type KeyScope = (typeof keyScopes)[number];
