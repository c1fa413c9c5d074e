// The pages of this feature, and what else the frame of the app needs of it.
import { Settings } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';

export const keysPage = page({
  path: '/settings/keys',
  permission: 'keys.read',
  entry: { name: 'settings', icon: Settings, hotkey: 'goSettings' },
  tab: 'keys',
  component: lazyPart(() => import('./list/page.tsx'), 'KeysPage'),
});
