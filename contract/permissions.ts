// What a caller may be allowed to do, and what each role is allowed.
export const permissions = [
  'messages.create',
  'messages.read',
  'messages.update',
  'accounts.read',
  'accounts.manage',
  'contacts.read',
  'contacts.manage',
] as const;

export type Permission = (typeof permissions)[number];

export const roles = ['owner'] as const;

export type Role = (typeof roles)[number];

/** The permissions of each role. */
export const rolePermissions: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
};
