// The pages of this feature, and what else the frame of the app needs of it.
import { Settings } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const peoplePage = page({
  path: '/settings/people',
  permission: 'people.read',
  entry: { name: 'settings', icon: Settings, hotkey: 'goSettings' },
  tab: 'people',
  component: lazyPart(() => import('./list/page.tsx'), 'PeoplePage'),
});

export const workspacesPage = page({
  path: '/workspaces',
  component: lazyPart(() => import('./workspaces/page.tsx'), 'WorkspacesPage'),
});

export const invitationPage = page({
  path: '/invitation',
  component: lazyPart(() => import('./invitation/page.tsx'), 'InvitationPage'),
});
