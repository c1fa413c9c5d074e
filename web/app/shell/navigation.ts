// The pages of the navigation, and who sees them.
import type { Permission } from '@recado/contract';
import { Inbox, type LucideIcon, Settings, Smartphone, Workflow } from 'lucide-react';
import type { HotkeyName } from '../../kit/hotkeys.ts';

export interface Place {
  name: 'inbox' | 'queue' | 'accounts' | 'settings';
  to: '/inbox' | '/queue' | '/accounts' | '/settings/people' | '/settings/keys';
  icon: LucideIcon;
  hotkey: HotkeyName;
  /** Who sees it. */
  permission: Permission;
}

/** In the order of the navigation. Of two with the same name somebody sees the first that they may. */
export const allPlaces: readonly Place[] = [
  { name: 'inbox', to: '/inbox', icon: Inbox, hotkey: 'goInbox', permission: 'messages.read' },
  { name: 'queue', to: '/queue', icon: Workflow, hotkey: 'goQueue', permission: 'messages.read' },
  { name: 'accounts', to: '/accounts', icon: Smartphone, hotkey: 'goAccounts', permission: 'accounts.read' },
  { name: 'settings', to: '/settings/people', icon: Settings, hotkey: 'goSettings', permission: 'people.read' },
  { name: 'settings', to: '/settings/keys', icon: Settings, hotkey: 'goSettings', permission: 'keys.read' },
];

/** The places that somebody with these permissions sees. */
export function placesFor(permissions: ReadonlySet<Permission>): Place[] {
  const open = allPlaces.filter(({ permission }) => permissions.has(permission));
  return open.filter(({ name }, index) => open.findIndex(each => each.name === name) === index);
}

/** Where `/settings` leads. */
export function firstSettingsFor(permissions: ReadonlySet<Permission>) {
  if (permissions.has('people.read')) return '/settings/people';
  return permissions.has('keys.read') ? '/settings/keys' : '/settings/you';
}

/** Where `/` leads. */
export const firstPageFor = (permissions: ReadonlySet<Permission>): Place['to'] =>
  placesFor(permissions)[0]?.to ?? '/accounts';
