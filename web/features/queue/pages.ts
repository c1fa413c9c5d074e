// The pages of this feature, and what else the frame of the app needs of it.
import { Workflow } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { queueSearch } from './search.ts';

export const queuePage = page({
  path: '/queue',
  permission: 'messages.read',
  search: queueSearch,
  entry: { name: 'queue', icon: Workflow, hotkey: 'goQueue' },
  component: lazyPart(() => import('./page.tsx'), 'QueuePage'),
});
