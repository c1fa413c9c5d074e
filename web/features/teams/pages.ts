// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const teamsPage = page({
  path: '/settings/teams',
  permission: 'teams.manage',
  search: (given: Record<string, unknown>): { team?: string | undefined } => ({
    team: typeof given.team === 'string' && /^tea_[0-9a-z]{26}$/.test(given.team) ? given.team : undefined,
  }),
  tab: 'teams',
  isOfTeams: true,
  component: lazyPart(() => withTexts('settings', import('./page.tsx')), 'TeamsPage'),
});
