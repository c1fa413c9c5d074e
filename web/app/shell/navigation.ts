// The pages of the navigation, and who sees them.
import type { Permission } from '@recado/contract';
import { accountsPage } from '../../features/accounts/pages.ts';
import { alertsPage, notificationsPage } from '../../features/alerts/pages.ts';
import { auditPage } from '../../features/audit/pages.ts';
import { campaignsPage } from '../../features/campaigns/pages.ts';
import { contactsPage, fieldsPage } from '../../features/contacts/pages.ts';
import { costSettingsPage } from '../../features/cost/pages.ts';
import { deadLettersPage, endpointsPage, hooksPage, requestsPage } from '../../features/developers/pages.ts';
import { inboxPage } from '../../features/inbox/pages.ts';
import { keysPage } from '../../features/keys/pages.ts';
import { youPage } from '../../features/me/pages.ts';
import { notificationListPage, yourNotificationsPage } from '../../features/notifications/pages.ts';
import { optOutSettingsPage } from '../../features/opt-outs/pages.ts';
import { overviewPage } from '../../features/overview/pages.ts';
import { peoplePage } from '../../features/people/pages.ts';
import { queuePage } from '../../features/queue/pages.ts';
import { repliesPage } from '../../features/replies/pages.ts';
import { selfCheckPage } from '../../features/self-check/pages.ts';
import { sessionsPage } from '../../features/sessions/pages.ts';
import { teamsPage } from '../../features/teams/pages.ts';
import { templatesPage } from '../../features/templates/pages.ts';
import { workspacePage } from '../../features/workspace/pages.ts';

/** In the order of the navigation. */
const pages = [
  inboxPage,
  overviewPage,
  queuePage,
  campaignsPage,
  templatesPage,
  contactsPage,
  accountsPage,
  endpointsPage,
  hooksPage,
  requestsPage,
  deadLettersPage,
  alertsPage,
  notificationListPage,
  peoplePage,
  keysPage,
] as const;

/** In the order of the navigation. Of two with the same name somebody sees the first that they may. */
export const allPlaces = pages.map(({ path, permission, entry }) => ({ ...entry, to: path, permission }));
export type Place = (typeof allPlaces)[number];

/** The places that somebody with these permissions sees. */
export function placesFor(permissions: ReadonlySet<Permission>): Place[] {
  const open = allPlaces.filter(({ permission }) => permissions.has(permission));
  return open.filter(({ name }, index) => open.findIndex(each => each.name === name) === index);
}

/** The parts of the settings, in the order of their tabs. */
const settings = [
  workspacePage,
  peoplePage,
  teamsPage,
  keysPage,
  fieldsPage,
  repliesPage,
  optOutSettingsPage,
  costSettingsPage,
  notificationsPage,
  sessionsPage,
  auditPage,
  selfCheckPage,
  youPage,
  yourNotificationsPage,
] as const;
type SettingsPage = (typeof settings)[number];

/** The parts of the settings that somebody with these permissions sees. Their own account is for everybody. */
export const settingsFor = (permissions: ReadonlySet<Permission>): SettingsPage[] =>
  settings.filter(page => !('permission' in page) || permissions.has(page.permission));

/** Where `/settings` leads. */
export const firstSettingsFor = (permissions: ReadonlySet<Permission>): SettingsPage['path'] =>
  settingsFor(permissions)[0]?.path ?? youPage.path;

/** Where `/` leads. */
export const firstPageFor = (permissions: ReadonlySet<Permission>): Place['to'] =>
  placesFor(permissions)[0]?.to ?? accountsPage.path;
