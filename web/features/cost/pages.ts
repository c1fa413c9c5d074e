// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const costSettingsPage = page({
  path: '/settings/cost',
  permission: 'cost.read',
  tab: 'cost',
  component: lazyPart(() => withTexts('cost', import('./settings/page.tsx')), 'CostSettingsPage'),
});
