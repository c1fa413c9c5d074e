// The pages of this feature, and what else the frame of the app needs of it.
import { ChartNoAxesColumn } from 'lucide-react';
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { overviewSearch } from './search.ts';

export const overviewPage = page({
  path: '/overview',
  permission: 'messages.read',
  search: overviewSearch,
  entry: { name: 'overview', icon: ChartNoAxesColumn, hotkey: 'goOverview' },
  component: lazyPart(() => withTexts('campaigns', withTexts('overview', import('./page.tsx'))), 'OverviewPage'),
});
