// The addresses of the app. A page is loaded when somebody goes there.
import { ApiError } from '@recado/client';
import type { Permission } from '@recado/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { meQuery } from '../data/me.ts';
import { connectSearch } from '../features/accounts/index.ts';
import { isFirstRun, welcomeSearch } from '../features/first-run/index.ts';
import { inboxSearch } from '../features/inbox/index.ts';
import { queueSearch } from '../features/queue/index.ts';
import { lazyPart } from '../kit/lazy.ts';
import { nextPage } from '../kit/next-page.ts';
import { session } from '../kit/session.ts';
import { Boot } from './shell/boot.tsx';
import { Forbidden, NotFound, Unexpected } from './shell/error-pages.tsx';
import { firstPageFor, firstSettingsFor } from './shell/navigation.ts';
import { Shell } from './shell/shell.tsx';

interface Context {
  client: QueryClient;
  /** Opens the stream of events, unless it is open. */
  goLive: () => void;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Unexpected,
});

/** Where to go after the login: only to a page of ours. What is not validated would stay in the search. */
const nextOf = ({ next }: Record<string, unknown>): { next?: string | undefined } => ({
  next: nextPage(next, location.origin),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: nextOf,
  component: lazyPart(() => import('../features/auth/login/page.tsx'), 'LoginPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyPart(() => import('../features/auth/setup/page.tsx'), 'SetupPage'),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyPart(() => import('../features/auth/reset/forgot-page.tsx'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyPart(() => import('../features/auth/reset/page.tsx'), 'ResetPage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyPart(() => import('../features/people/invitation/page.tsx'), 'InvitationPage'),
});

/** Lets in who is logged in. */
async function enter({ context, location }: { context: Context; location: { href: string } }) {
  const toLogin = () => redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
  if (!session.isKnown()) throw toLogin();
  context.goLive();
  try {
    return { me: await context.client.ensureQueryData(meQuery) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    session.end();
    throw toLogin();
  }
}

/** Everything behind the login. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: enter,
  component: Shell,
  errorComponent: Unexpected,
});

/** Pages that a person without the permission does not see; the server rejects their requests all the same. */
const demand =
  (permission: Permission) =>
  ({ context }: { context: { me: { permissions: ReadonlySet<Permission> } } }) => {
    if (!context.me.permissions.has(permission)) throw new Forbidden(permission);
  };

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }) => {
    const to = (await isFirstRun(context.me)) ? '/welcome' : firstPageFor(context.me.permissions);
    throw redirect({ to, replace: true });
  },
});
const workspaces = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces',
  component: lazyPart(() => import('../features/people/workspaces/page.tsx'), 'WorkspacesPage'),
});
/** Without the navigation: one thing at a time. */
const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: welcomeSearch,
  beforeLoad: async given => {
    const { me } = await enter(given);
    if (!me.permissions.has('accounts.manage')) throw redirect({ to: '/', replace: true });
  },
  component: lazyPart(() => import('../features/first-run/page.tsx'), 'FirstRunPage'),
});
const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox',
  validateSearch: inboxSearch,
  beforeLoad: demand('messages.read'),
  component: lazyPart(() => import('../features/inbox/page.tsx'), 'InboxPage'),
});
const conversation = createRoute({ getParentRoute: () => inbox, path: '/$conversationId' });
const queue = createRoute({
  getParentRoute: () => inside,
  path: '/queue',
  validateSearch: queueSearch,
  beforeLoad: demand('messages.read'),
  component: lazyPart(() => import('../features/queue/page.tsx'), 'QueuePage'),
});
const message = createRoute({
  getParentRoute: () => inside,
  path: '/messages/$messageId',
  beforeLoad: demand('messages.read'),
  component: lazyPart(() => import('../features/messages/message/page.tsx'), 'MessagePage'),
});
const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  beforeLoad: demand('accounts.read'),
  component: lazyPart(() => import('../features/accounts/list/page.tsx'), 'AccountsPage'),
});
const connect = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/new',
  validateSearch: connectSearch,
  beforeLoad: demand('accounts.manage'),
  component: lazyPart(() => import('../features/accounts/connect/page.tsx'), 'ConnectPage'),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$accountId',
  beforeLoad: demand('accounts.read'),
  component: lazyPart(() => import('../features/accounts/account/page.tsx'), 'AccountPage'),
});
const accountLink = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$accountId/link',
  beforeLoad: demand('accounts.manage'),
  component: lazyPart(() => import('../features/accounts/link/page.tsx'), 'LinkPage'),
});
/** An address that no page has. Its page is within the frame. */
const missing = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound });
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  beforeLoad: ({ context, location }) => {
    if (location.pathname.replace(/\/$/, '') !== '/settings') return;
    throw redirect({ to: firstSettingsFor(context.me.permissions), replace: true });
  },
});
const people = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  beforeLoad: demand('people.read'),
  component: lazyPart(() => import('../features/people/list/page.tsx'), 'PeoplePage'),
});
const you = createRoute({
  getParentRoute: () => settings,
  path: '/you',
  component: lazyPart(() => import('../features/me/page.tsx'), 'YouPage'),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  beforeLoad: demand('keys.read'),
  component: lazyPart(() => import('../features/keys/list/page.tsx'), 'KeysPage'),
});

const tree = root.addChildren([
  login,
  setup,
  forgot,
  reset,
  invitation,
  firstRun,
  inside.addChildren([
    home,
    inbox.addChildren([conversation]),
    queue,
    message,
    workspaces,
    accounts,
    connect,
    account,
    accountLink,
    settings.addChildren([people, keys, you]),
    missing,
  ]),
]);

export const createAppRouter = (context: Context) =>
  createRouter({
    routeTree: tree,
    context,
    defaultPreload: 'intent',
    defaultErrorComponent: Unexpected,
    defaultPendingComponent: Boot,
    scrollRestoration: true,
  });

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
