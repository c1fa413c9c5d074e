// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const sessionsPage = page({
  path: '/settings/sessions',
  permission: 'people.manage',
  search: (given: Record<string, unknown>): { person?: string | undefined } => ({
    person: typeof given.person === 'string' && /^per_[0-9a-z]{26}$/.test(given.person) ? given.person : undefined,
  }),
  tab: 'sessions',
  component: lazyPart(() => withTexts('settings', import('./page.tsx')), 'SessionsPage'),
});
