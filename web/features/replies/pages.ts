// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const repliesPage = page({
  path: '/settings/replies',
  permission: 'messages.create',
  tab: 'replies',
  component: lazyPart(() => withTexts('settings', import('./page.tsx')), 'RepliesPage'),
});
