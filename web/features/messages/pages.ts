// The pages of this feature, and what else the frame of the app needs of it.
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const messagePage = page({
  path: '/messages/$messageId',
  permission: 'messages.read',
  component: lazyPart(() => import('./message/page.tsx'), 'MessagePage'),
});
