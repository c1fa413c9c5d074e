// The pages of this feature, and what else the frame of the app needs of it.
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

/** Public: the link in a message leads here. A link that was cut has no token. */
export const leavePage = page({
  path: '/opt-out/{-$token}',
  component: lazyPart(() => import('./leave/page.tsx'), 'LeavePage'),
});

export const optOutSettingsPage = page({
  path: '/settings/opt-outs',
  permission: 'opt_outs.read',
  tab: 'optOuts',
  component: lazyPart(() => import('./settings/page.tsx'), 'OptOutSettingsPage'),
});
