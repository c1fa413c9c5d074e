// The pages of this feature, and what else the frame of the app needs of it.
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { welcomeSearch } from './search.ts';

export const welcomePage = page({
  path: '/welcome',
  search: welcomeSearch,
  component: lazyPart(() => import('./page.tsx'), 'FirstRunPage'),
});

export { isFirstRun } from './first-time.ts';
