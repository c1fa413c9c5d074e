// The pages of the navigation, and who sees them.
import type { Permission } from '@recado/contract';
import { Inbox, type LucideIcon, Settings, Smartphone, Workflow } from 'lucide-react';

export interface Place {
  name: 'inbox' | 'queue' | 'accounts' | 'settings';
  to: '/inbox' | '/queue' | '/accounts' | '/settings/people' | '/settings/keys';
  icon: LucideIcon;
  /** The key after `g`. */
  key: string;
}

/** The places that somebody with these permissions sees. */
export function placesFor(permissions: ReadonlySet<Permission>): Place[] {
  const may = (permission: Permission) => permissions.has(permission);
  return [
    ...(may('messages.read') ? [{ name: 'inbox', to: '/inbox', icon: Inbox, key: 'i' } as const] : []),
    ...(may('messages.read') ? [{ name: 'queue', to: '/queue', icon: Workflow, key: 'q' } as const] : []),
    ...(may('accounts.read') ? [{ name: 'accounts', to: '/accounts', icon: Smartphone, key: 'a' } as const] : []),
    ...(may('people.read') ? [{ name: 'settings', to: '/settings/people', icon: Settings, key: 's' } as const] : []),
    ...(!may('people.read') && may('keys.read')
      ? [{ name: 'settings', to: '/settings/keys', icon: Settings, key: 's' } as const]
      : []),
  ];
}

/** Where `/settings` leads. */
export function firstSettingsFor(permissions: ReadonlySet<Permission>) {
  if (permissions.has('people.read')) return '/settings/people';
  return permissions.has('keys.read') ? '/settings/keys' : '/settings/you';
}

/** Where `/` leads. */
export const firstPageFor = (permissions: ReadonlySet<Permission>): Place['to'] =>
  placesFor(permissions)[0]?.to ?? '/accounts';
