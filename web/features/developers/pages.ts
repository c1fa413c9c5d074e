// The pages of this feature, and what else the frame of the app needs of it.
import { SquareTerminal } from 'lucide-react';
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { eventsSearch } from './events/search.ts';
import { requestsSearch } from './requests/search.ts';

const entry = { name: 'developers', icon: SquareTerminal, hotkey: 'goDevelopers' } as const;

export const endpointsPage = page({
  path: '/developers/endpoints',
  permission: 'endpoints.read',
  entry,
  component: lazyPart(() => withTexts('developers', import('./endpoints/list-page.tsx')), 'EndpointsPage'),
});

export const endpointPage = page({
  path: '/developers/endpoints/$endpointId',
  permission: 'endpoints.read',
  component: lazyPart(() => withTexts('developers', import('./endpoints/page.tsx')), 'EndpointPage'),
});

export const eventsPage = page({
  path: '/developers/events',
  permission: 'endpoints.read',
  search: eventsSearch,
  component: lazyPart(() => withTexts('developers', import('./events/page.tsx')), 'EventsPage'),
});

export const hooksPage = page({
  path: '/developers/hooks',
  permission: 'hooks.manage',
  entry,
  component: lazyPart(() => withTexts('developers', import('./hooks/list-page.tsx')), 'HooksPage'),
});

export const hookPage = page({
  path: '/developers/hooks/$hookId',
  permission: 'hooks.manage',
  component: lazyPart(() => withTexts('developers', import('./hooks/page.tsx')), 'HookPage'),
});

export const requestsPage = page({
  path: '/developers/requests',
  permission: 'requests.read',
  search: requestsSearch,
  entry,
  component: lazyPart(() => withTexts('developers', import('./requests/page.tsx')), 'RequestsPage'),
});

export const deadLettersPage = page({
  path: '/developers/dead-letters',
  permission: 'inbound.manage',
  entry,
  component: lazyPart(() => withTexts('developers', import('./dead-letters/page.tsx')), 'DeadLettersPage'),
});
