// The pages of the navigation, and who sees them.
import type { Permission } from '@recado/contract';
import { type LucideIcon, Settings, Smartphone } from 'lucide-react';

export interface Place {
  name: 'accounts' | 'settings';
  to: '/accounts' | '/settings/people' | '/settings/keys';
  icon: LucideIcon;
  /** The key after `g`. */
  key: string;
}

/** The places that somebody with these permissions sees. */
export function placesFor(permissions: ReadonlySet<Permission>): Place[] {
  const may = (permission: Permission) => permissions.has(permission);
  return [
    ...(may('accounts.read') ? [{ name: 'accounts', to: '/accounts', icon: Smartphone, key: 'a' } as const] : []),
    ...(may('people.read') ? [{ name: 'settings', to: '/settings/people', icon: Settings, key: 's' } as const] : []),
    ...(!may('people.read') && may('keys.read')
      ? [{ name: 'settings', to: '/settings/keys', icon: Settings, key: 's' } as const]
      : []),
  ];
}

/** Where `/` leads. */
export const firstPageFor = (permissions: ReadonlySet<Permission>): Place['to'] =>
  placesFor(permissions)[0]?.to ?? '/accounts';
