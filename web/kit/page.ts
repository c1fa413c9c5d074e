// A page as the frame knows it: its address, who sees it, and where it stands in the navigation.
import type { Permission } from '@recado/contract';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HotkeyName } from './hotkeys.ts';

/** An entry of the navigation. Of two with one name, people see the first that they may. */
interface Entry {
  name:
    | 'inbox'
    | 'overview'
    | 'queue'
    | 'campaigns'
    | 'templates'
    | 'contacts'
    | 'accounts'
    | 'developers'
    | 'alerts'
    | 'notifications'
    | 'settings';
  icon: LucideIcon;
  hotkey: HotkeyName;
}

/** The parts of the settings, by the names of their texts. */
export type SettingsTab =
  | 'people'
  | 'teams'
  | 'keys'
  | 'fields'
  | 'replies'
  | 'optOuts'
  | 'cost'
  | 'notifications'
  | 'yourNotifications'
  | 'sessions'
  | 'audit'
  | 'selfCheck'
  | 'workspace'
  | 'you';

interface PageModule {
  path: `/${string}`;
  /** Others see that they may not see it; the server rejects their requests all the same. */
  permission?: Permission;
  /** Gives the valid part of the address' search. Everything else would stay in it. */
  search?: (given: Record<string, unknown>) => object;
  entry?: Entry;
  /** It is a part of the settings, with a tab of this name. */
  tab?: SettingsTab;
  /** Its tab appears once a second person has joined. */
  isOfTeams?: boolean;
  /** Loaded when somebody goes there. */
  component: ((props: object) => ReactNode) & { preload: () => Promise<void> };
}

/** Names a page; its address stays a type. */
export const page = <const Module extends PageModule>(module: Module): Module => module;
