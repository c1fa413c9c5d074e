// The pages of this feature, and what else the frame of the app needs of it.
import { Inbox } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { inboxSearch } from './search.ts';

export const inboxPage = page({
  path: '/inbox',
  permission: 'messages.read',
  search: inboxSearch,
  entry: { name: 'inbox', icon: Inbox, hotkey: 'goInbox' },
  component: lazyPart(() => import('./page.tsx'), 'InboxPage'),
});

export { countUnsent, forgetUnsent } from './composer/unsent.ts';
/** The inbox shows it beside its list, and the router loads it. */
export { OpenConversation } from './open/part.ts';
