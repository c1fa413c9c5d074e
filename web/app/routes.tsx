// The addresses of the app. A page is loaded when somebody goes there.
import { ApiError } from '@recado/client';
import type { Permission } from '@recado/contract';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { meQuery } from '../data/me.ts';
import { accountPage, accountsPage, connectPage, linkPage } from '../features/accounts/pages.ts';
import { alertRulePage, alertsPage, notificationsPage } from '../features/alerts/pages.ts';
import { auditPage } from '../features/audit/pages.ts';
import { forgotPage, loginPage, resetPage, setupPage } from '../features/auth/pages.ts';
import {
  campaignApprovalPage,
  campaignPage,
  campaignsPage,
  editCampaignPage,
  newCampaignPage,
} from '../features/campaigns/pages.ts';
import {
  contactPage,
  contactsPage,
  fieldsPage,
  importPage,
  importsPage,
  newSegmentPage,
  segmentPage,
  segmentsPage,
  uploadPage,
} from '../features/contacts/pages.ts';
import { costSettingsPage } from '../features/cost/pages.ts';
import {
  deadLettersPage,
  endpointPage,
  endpointsPage,
  eventsPage,
  hookPage,
  hooksPage,
  requestsPage,
} from '../features/developers/pages.ts';
import { isFirstRun, welcomePage } from '../features/first-run/pages.ts';
import { inboxPage, OpenConversation } from '../features/inbox/pages.ts';
import { keysPage } from '../features/keys/pages.ts';
import { youPage } from '../features/me/pages.ts';
import { messagePage } from '../features/messages/pages.ts';
import { notificationListPage, yourNotificationsPage } from '../features/notifications/pages.ts';
import { leavePage, optOutSettingsPage } from '../features/opt-outs/pages.ts';
import { overviewPage } from '../features/overview/pages.ts';
import { invitationPage, peoplePage, workspacesPage } from '../features/people/pages.ts';
import { queuePage } from '../features/queue/pages.ts';
import { repliesPage } from '../features/replies/pages.ts';
import { selfCheckPage } from '../features/self-check/pages.ts';
import { sessionsPage } from '../features/sessions/pages.ts';
import { teamsPage } from '../features/teams/pages.ts';
import { newTemplatePage, templatePage, templatesPage } from '../features/templates/pages.ts';
import { wallPage } from '../features/wall/pages.ts';
import { workspacePage } from '../features/workspace/pages.ts';
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

const login = createRoute({
  getParentRoute: () => root,
  path: loginPage.path,
  validateSearch: loginPage.search,
  component: loginPage.component,
});
const setup = createRoute({
  getParentRoute: () => root,
  path: setupPage.path,
  component: setupPage.component,
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: forgotPage.path,
  component: forgotPage.component,
});
const reset = createRoute({
  getParentRoute: () => root,
  path: resetPage.path,
  component: resetPage.component,
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: invitationPage.path,
  component: invitationPage.component,
});

const leave = createRoute({
  getParentRoute: () => root,
  path: leavePage.path,
  component: leavePage.component,
});

const wall = createRoute({
  getParentRoute: () => root,
  path: wallPage.path,
  component: wallPage.component,
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
  ({ permission }: { permission: Permission }) =>
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
  path: workspacesPage.path,
  component: workspacesPage.component,
});
/** Without the navigation: one thing at a time. */
const firstRun = createRoute({
  getParentRoute: () => root,
  path: welcomePage.path,
  validateSearch: welcomePage.search,
  beforeLoad: async given => {
    const { me } = await enter(given);
    if (!me.permissions.has('accounts.manage')) throw redirect({ to: '/', replace: true });
  },
  component: welcomePage.component,
});
const inbox = createRoute({
  getParentRoute: () => inside,
  path: inboxPage.path,
  validateSearch: inboxPage.search,
  beforeLoad: demand(inboxPage),
  component: inboxPage.component,
});
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '/$conversationId',
  component: OpenConversation,
});
const overview = createRoute({
  getParentRoute: () => inside,
  path: overviewPage.path,
  validateSearch: overviewPage.search,
  beforeLoad: demand(overviewPage),
  component: overviewPage.component,
});
const queue = createRoute({
  getParentRoute: () => inside,
  path: queuePage.path,
  validateSearch: queuePage.search,
  beforeLoad: demand(queuePage),
  component: queuePage.component,
});
const contacts = createRoute({
  getParentRoute: () => inside,
  path: contactsPage.path,
  validateSearch: contactsPage.search,
  beforeLoad: demand(contactsPage),
  component: contactsPage.component,
});
const contact = createRoute({
  getParentRoute: () => inside,
  path: contactPage.path,
  validateSearch: contactPage.search,
  beforeLoad: demand(contactPage),
  component: contactPage.component,
});
const imports = createRoute({
  getParentRoute: () => inside,
  path: importsPage.path,
  beforeLoad: demand(importsPage),
  component: importsPage.component,
});
const upload = createRoute({
  getParentRoute: () => inside,
  path: uploadPage.path,
  beforeLoad: demand(uploadPage),
  component: uploadPage.component,
});
const oneImport = createRoute({
  getParentRoute: () => inside,
  path: importPage.path,
  validateSearch: importPage.search,
  beforeLoad: demand(importPage),
  component: importPage.component,
});
const segments = createRoute({
  getParentRoute: () => inside,
  path: segmentsPage.path,
  validateSearch: segmentsPage.search,
  beforeLoad: demand(segmentsPage),
  component: segmentsPage.component,
});
const newSegment = createRoute({
  getParentRoute: () => inside,
  path: newSegmentPage.path,
  beforeLoad: demand(newSegmentPage),
  component: newSegmentPage.component,
});
const segment = createRoute({
  getParentRoute: () => inside,
  path: segmentPage.path,
  beforeLoad: demand(segmentPage),
  component: segmentPage.component,
});
const campaigns = createRoute({
  getParentRoute: () => inside,
  path: campaignsPage.path,
  validateSearch: campaignsPage.search,
  beforeLoad: demand(campaignsPage),
  component: campaignsPage.component,
});
const newCampaign = createRoute({
  getParentRoute: () => inside,
  path: newCampaignPage.path,
  beforeLoad: demand(newCampaignPage),
  component: newCampaignPage.component,
});
const campaign = createRoute({
  getParentRoute: () => inside,
  path: campaignPage.path,
  validateSearch: campaignPage.search,
  beforeLoad: demand(campaignPage),
  component: campaignPage.component,
});
const editCampaign = createRoute({
  getParentRoute: () => inside,
  path: editCampaignPage.path,
  beforeLoad: demand(editCampaignPage),
  component: editCampaignPage.component,
});
const campaignApproval = createRoute({
  getParentRoute: () => inside,
  path: campaignApprovalPage.path,
  beforeLoad: demand(campaignApprovalPage),
  component: campaignApprovalPage.component,
});
const message = createRoute({
  getParentRoute: () => inside,
  path: messagePage.path,
  beforeLoad: demand(messagePage),
  component: messagePage.component,
});
const accounts = createRoute({
  getParentRoute: () => inside,
  path: accountsPage.path,
  beforeLoad: demand(accountsPage),
  component: accountsPage.component,
});
const alerts = createRoute({
  getParentRoute: () => inside,
  path: alertsPage.path,
  beforeLoad: demand(alertsPage),
  component: alertsPage.component,
});
const alertRule = createRoute({
  getParentRoute: () => inside,
  path: alertRulePage.path,
  beforeLoad: demand(alertRulePage),
  component: alertRulePage.component,
});
const notifications = createRoute({
  getParentRoute: () => inside,
  path: notificationsPage.path,
  beforeLoad: demand(notificationsPage),
  component: notificationsPage.component,
});
const notificationList = createRoute({
  getParentRoute: () => inside,
  path: notificationListPage.path,
  beforeLoad: demand(notificationListPage),
  component: notificationListPage.component,
});
const yourNotifications = createRoute({
  getParentRoute: () => inside,
  path: yourNotificationsPage.path,
  component: yourNotificationsPage.component,
});
const connect = createRoute({
  getParentRoute: () => inside,
  path: connectPage.path,
  validateSearch: connectPage.search,
  beforeLoad: demand(connectPage),
  component: connectPage.component,
});
const account = createRoute({
  getParentRoute: () => inside,
  path: accountPage.path,
  beforeLoad: demand(accountPage),
  component: accountPage.component,
});
const accountLink = createRoute({
  getParentRoute: () => inside,
  path: linkPage.path,
  beforeLoad: demand(linkPage),
  component: linkPage.component,
});
const templates = createRoute({
  getParentRoute: () => inside,
  path: templatesPage.path,
  validateSearch: templatesPage.search,
  beforeLoad: demand(templatesPage),
  component: templatesPage.component,
});
const newTemplate = createRoute({
  getParentRoute: () => inside,
  path: newTemplatePage.path,
  validateSearch: newTemplatePage.search,
  beforeLoad: demand(newTemplatePage),
  component: newTemplatePage.component,
});
const template = createRoute({
  getParentRoute: () => inside,
  path: templatePage.path,
  beforeLoad: demand(templatePage),
  component: templatePage.component,
});
const endpoints = createRoute({
  getParentRoute: () => inside,
  path: endpointsPage.path,
  beforeLoad: demand(endpointsPage),
  component: endpointsPage.component,
});
const endpoint = createRoute({
  getParentRoute: () => inside,
  path: endpointPage.path,
  beforeLoad: demand(endpointPage),
  component: endpointPage.component,
});
const events = createRoute({
  getParentRoute: () => inside,
  path: eventsPage.path,
  validateSearch: eventsPage.search,
  beforeLoad: demand(eventsPage),
  component: eventsPage.component,
});
const hooks = createRoute({
  getParentRoute: () => inside,
  path: hooksPage.path,
  beforeLoad: demand(hooksPage),
  component: hooksPage.component,
});
const hook = createRoute({
  getParentRoute: () => inside,
  path: hookPage.path,
  beforeLoad: demand(hookPage),
  component: hookPage.component,
});
const requests = createRoute({
  getParentRoute: () => inside,
  path: requestsPage.path,
  validateSearch: requestsPage.search,
  beforeLoad: demand(requestsPage),
  component: requestsPage.component,
});
const deadLetters = createRoute({
  getParentRoute: () => inside,
  path: deadLettersPage.path,
  beforeLoad: demand(deadLettersPage),
  component: deadLettersPage.component,
});
/** An address that no page has. Its page is within the frame. */
const missing = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound });
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  beforeLoad: ({ context }) => {
    throw redirect({ to: firstSettingsFor(context.me.permissions), replace: true });
  },
});
const people = createRoute({
  getParentRoute: () => inside,
  path: peoplePage.path,
  beforeLoad: demand(peoplePage),
  component: peoplePage.component,
});
const teams = createRoute({
  getParentRoute: () => inside,
  path: teamsPage.path,
  validateSearch: teamsPage.search,
  beforeLoad: demand(teamsPage),
  component: teamsPage.component,
});
const fields = createRoute({
  getParentRoute: () => inside,
  path: fieldsPage.path,
  beforeLoad: demand(fieldsPage),
  component: fieldsPage.component,
});
const you = createRoute({
  getParentRoute: () => inside,
  path: youPage.path,
  component: youPage.component,
});
const keys = createRoute({
  getParentRoute: () => inside,
  path: keysPage.path,
  beforeLoad: demand(keysPage),
  component: keysPage.component,
});

const replies = createRoute({
  getParentRoute: () => inside,
  path: repliesPage.path,
  validateSearch: repliesPage.search,
  beforeLoad: demand(repliesPage),
  component: repliesPage.component,
});
const optOutSettings = createRoute({
  getParentRoute: () => inside,
  path: optOutSettingsPage.path,
  beforeLoad: demand(optOutSettingsPage),
  component: optOutSettingsPage.component,
});

const costSettings = createRoute({
  getParentRoute: () => inside,
  path: costSettingsPage.path,
  beforeLoad: demand(costSettingsPage),
  component: costSettingsPage.component,
});

const workspaceSettings = createRoute({
  getParentRoute: () => inside,
  path: workspacePage.path,
  beforeLoad: demand(workspacePage),
  component: workspacePage.component,
});

const sessions = createRoute({
  getParentRoute: () => inside,
  path: sessionsPage.path,
  validateSearch: sessionsPage.search,
  beforeLoad: demand(sessionsPage),
  component: sessionsPage.component,
});

const selfCheck = createRoute({
  getParentRoute: () => inside,
  path: selfCheckPage.path,
  beforeLoad: demand(selfCheckPage),
  component: selfCheckPage.component,
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: auditPage.path,
  validateSearch: auditPage.search,
  beforeLoad: demand(auditPage),
  component: auditPage.component,
});

const tree = root.addChildren([
  login,
  setup,
  forgot,
  reset,
  invitation,
  leave,
  wall,
  firstRun,
  inside.addChildren([
    home,
    inbox.addChildren([conversation]),
    overview,
    queue,
    message,
    campaigns,
    newCampaign,
    campaign,
    editCampaign,
    campaignApproval,
    contacts,
    contact,
    imports,
    upload,
    oneImport,
    segments,
    newSegment,
    segment,
    templates,
    newTemplate,
    template,
    workspaces,
    accounts,
    connect,
    account,
    accountLink,
    endpoints,
    endpoint,
    events,
    hooks,
    hook,
    requests,
    deadLetters,
    alerts,
    alertRule,
    notifications,
    notificationList,
    yourNotifications,
    settings,
    people,
    keys,
    replies,
    optOutSettings,
    costSettings,
    fields,
    workspaceSettings,
    sessions,
    teams,
    audit,
    selfCheck,
    you,
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
