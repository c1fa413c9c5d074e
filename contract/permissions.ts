// What a caller may be allowed to do, and what each role is allowed.
export const permissions = [
  'messages.create',
  'messages.read',
  'messages.update',
  'notes.write',
  'accounts.read',
  'accounts.manage',
  'contacts.read',
  'contacts.manage',
  'contacts.configure',
  'contacts.import',
  'contacts.export',
  'contacts.erase',
  'opt_outs.read',
  'opt_outs.manage',
  'media.create',
  'media.read',
  'media.delete',
  'replies.manage',
  'templates.read',
  'templates.manage',
  'campaigns.read',
  'campaigns.manage',
  'campaigns.start',
  'cost.read',
  'cost.manage',
  'alerts.read',
  'alerts.update',
  'alerts.manage',
  'installation.check',
  'workspace.read',
  'workspace.manage',
  'workspaces.create',
  'people.read',
  'people.manage',
  'teams.manage',
  'keys.read',
  'keys.manage',
  'audit.read',
  'requests.read',
  'inbound.manage',
  'endpoints.read',
  'endpoints.manage',
  'wall_views.manage',
  'hooks.manage',
  'me.read',
  'me.manage',
] as const;

export type Permission = (typeof permissions)[number];

export const roles = ['owner', 'admin', 'agent', 'viewer'] as const;

export type Role = (typeof roles)[number];

/** Which conversations a person reads: all, those of their teams and their own, or their own. */
export const conversationLimits = ['all', 'team', 'own'] as const;

export type ConversationLimit = (typeof conversationLimits)[number];

const viewer: Permission[] = [
  'messages.read',
  'accounts.read',
  'contacts.read',
  'opt_outs.read',
  'media.read',
  'templates.read',
  'campaigns.read',
  'cost.read',
  'alerts.read',
  'workspace.read',
  'me.read',
  'me.manage',
];
const agent: Permission[] = [
  ...viewer,
  'messages.create',
  'messages.update',
  'notes.write',
  'contacts.manage',
  'opt_outs.manage',
  'media.create',
  'alerts.update',
  'people.read',
];

/** What only owners may do, besides managing other owners. */
const ofOwners: readonly Permission[] = ['workspace.manage', 'workspaces.create'];

/** Who may create workspaces in this installation: every person, owners of a workspace, or only the operator. */
export const workspaceCreators = ['owners', 'anyone', 'nobody'] as const;

export type WorkspaceCreators = (typeof workspaceCreators)[number];

/** The permissions of each role where owners may create workspaces. */
export const rolePermissions: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
  admin: new Set(permissions.filter(permission => !ofOwners.includes(permission))),
  agent: new Set(agent),
  viewer: new Set(viewer),
};

/** The permissions of each role where these people may create workspaces. */
export const rolePermissionsWhere = (creators: WorkspaceCreators): Record<Role, ReadonlySet<Permission>> => {
  if (creators === 'owners') return rolePermissions;
  const change = (role: Role): ReadonlySet<Permission> => {
    const changed = new Set(rolePermissions[role]);
    if (creators === 'anyone') changed.add('workspaces.create');
    else changed.delete('workspaces.create');
    // Where anyone may own a workspace, owners are guests of the installation.
    if (creators === 'anyone') changed.delete('installation.check');
    return changed;
  };
  return { owner: change('owner'), admin: change('admin'), agent: change('agent'), viewer: change('viewer') };
};

/** What an API key can be allowed: nothing that makes people, keys or workspaces, so that a key cannot make itself more. */
export const keyScopes = [
  'messages.create',
  'messages.read',
  'messages.update',
  'notes.write',
  'accounts.read',
  'accounts.manage',
  'contacts.read',
  'contacts.manage',
  'contacts.configure',
  'contacts.import',
  'contacts.export',
  'contacts.erase',
  'opt_outs.read',
  'opt_outs.manage',
  'media.create',
  'media.read',
  'media.delete',
  'replies.manage',
  'templates.read',
  'templates.manage',
  'campaigns.read',
  'campaigns.manage',
  'campaigns.start',
  'cost.read',
  'cost.manage',
  'alerts.read',
  'alerts.update',
  'alerts.manage',
  'installation.check',
  'teams.manage',
  'audit.read',
  'requests.read',
  'inbound.manage',
  'endpoints.read',
  'endpoints.manage',
  'wall_views.manage',
  'hooks.manage',
] as const satisfies readonly Permission[];

export type KeyScope = (typeof keyScopes)[number];

/** What an API key can be allowed that sees no phone numbers: no more than a person who sees none. */
export const maskedKeyScopes: readonly KeyScope[] = keyScopes.filter(scope => rolePermissions.agent.has(scope));
