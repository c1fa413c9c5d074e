// The page of a wall view: public, as the link of a screen leads here.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const wallPage = page({
  path: '/wall',
  component: lazyPart(() => withTexts('overview', import('./view/page.tsx')), 'WallPage'),
});
