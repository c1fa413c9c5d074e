// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const repliesPage = page({
  path: '/settings/replies',
  permission: 'messages.create',
  search: (given: Record<string, unknown>): { reply?: string | undefined } => ({
    reply: typeof given.reply === 'string' && /^(new|rpy_[0-9a-z]{26})$/.test(given.reply) ? given.reply : undefined,
  }),
  tab: 'replies',
  component: lazyPart(() => withTexts('settings', import('./page.tsx')), 'RepliesPage'),
});
