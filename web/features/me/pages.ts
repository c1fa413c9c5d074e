// The pages of this feature, and what else the frame of the app needs of it.
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const youPage = page({
  path: '/settings/you',
  tab: 'you',
  component: lazyPart(() => import('./page.tsx'), 'YouPage'),
});
