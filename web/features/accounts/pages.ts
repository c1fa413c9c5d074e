// The pages of this feature, and what else the frame of the app needs of it.
import { Smartphone } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { connectSearch } from './connect/search.ts';

export const accountsPage = page({
  path: '/accounts',
  permission: 'accounts.read',
  entry: { name: 'accounts', icon: Smartphone, hotkey: 'goAccounts' },
  component: lazyPart(() => import('./list/page.tsx'), 'AccountsPage'),
});

export const connectPage = page({
  path: '/accounts/new',
  permission: 'accounts.manage',
  search: connectSearch,
  component: lazyPart(() => import('./connect/page.tsx'), 'ConnectPage'),
});

export const accountPage = page({
  path: '/accounts/$accountId',
  permission: 'accounts.read',
  component: lazyPart(() => import('./account/page.tsx'), 'AccountPage'),
});

export const linkPage = page({
  path: '/accounts/$accountId/link',
  permission: 'accounts.manage',
  component: lazyPart(() => import('./link/page.tsx'), 'LinkPage'),
});
