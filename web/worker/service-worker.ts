// The service worker: shows what a push service brings while no page is open. It caches nothing and answers no request, so
// no page is ever older than the server.
import type { PushItem, PushLanguage, PushMessage } from '@recado/contract';
import arabic from '../locales/ar/told.json';
import english from '../locales/en/told.json';
import spanish from '../locales/es/told.json';
import portuguese from '../locales/pt/told.json';

/** The part of the scope that is used here: the library of the page has no types of workers. */
interface Scope {
  addEventListener(type: 'push', listener: (event: Waiting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(
    type: 'notificationclick',
    listener: (event: Waiting & { notification: Notification }) => void,
  ): void;
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void;
  skipWaiting(): Promise<void>;
  clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<Page[]>;
    openWindow(url: string): Promise<unknown>;
  };
  registration: ServiceWorkerRegistration;
  navigator: Navigator & { setAppBadge?(count: number): Promise<void> };
}
interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
interface Page {
  url: string;
  focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

const scope = self as unknown as Scope;
const texts: Readonly<Record<PushLanguage, Record<string, string>>> = {
  en: english.told,
  pt: portuguese.told,
  es: spanish.told,
  ar: arabic.told,
};
const summaryTag = 'recado';

scope.addEventListener('install', event => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', event => event.waitUntil(scope.clients.claim()));
scope.addEventListener('push', event => {
  const message = event.data?.json() as PushMessage | undefined;
  if (message) event.waitUntil(tell(message));
});
scope.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data ?? '/')));
});

async function tell({ language, unread, items, more }: PushMessage): Promise<void> {
  const open = new Set(unread);
  for (const shown of await scope.registration.getNotifications())
    if (shown.tag === summaryTag ? unread.length === 0 : !open.has(shown.tag)) shown.close();
  await scope.navigator.setAppBadge?.(unread.length);
  // The page before somebody's eyes has its badges.
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.some(({ focused }) => focused)) return;
  for (const item of items) await show(item, language);
  if (more > 0)
    await scope.registration.showNotification(words(language, 'hidden'), {
      body: words(language, 'many', more),
      tag: summaryTag,
      data: '/notifications',
      ...look(language),
    });
}

async function show(item: PushItem, language: PushLanguage): Promise<void> {
  const { shown } = item;
  const title = shown ? nameOf(item, language) : words(language, 'hidden');
  const body = shown ? (shown.text ?? says(item, language)) : words(language, 'hiddenWords');
  await scope.registration.showNotification(title, {
    body,
    tag: item.id,
    data: placeOf(item),
    ...look(language),
  });
}

const nameOf = ({ kind, shown }: PushItem, language: PushLanguage): string =>
  kind === 'approval_rule' ? words(language, 'ruleTitle') : (shown?.name ?? words(language, 'somebody'));

/** The page of what it is about. */
function placeOf({ kind, conversation_id: conversation, campaign_id: campaign }: PushItem): string {
  if (campaign !== null) return `/campaigns/${campaign}/approval`;
  if (kind === 'approval_rule') return '/campaigns';
  return conversation === null ? '/alerts' : `/inbox/${conversation}`;
}

const look = (language: PushLanguage): NotificationOptions => ({
  icon: '/icon-192.png',
  badge: '/icon-192.png',
  lang: language,
  dir: language === 'ar' ? 'rtl' : 'ltr',
});

function says({ kind, count, shown }: PushItem, language: PushLanguage): string {
  if (kind === 'message') return words(language, 'message', count);
  if (kind === 'assigned') return words(language, shown?.by ? 'assignedBy' : 'assigned', undefined, shown?.by);
  return words(language, kind, undefined, shown?.by ?? words(language, 'somebody'));
}

/** A text of the app, as i18next would say it. */
function words(language: PushLanguage, key: string, count?: number, name?: string | null): string {
  const all = texts[language] ?? texts.en;
  const form = count === undefined ? key : `${key}_${new Intl.PluralRules(language).select(count)}`;
  const number = count === undefined ? '' : new Intl.NumberFormat(language).format(count);
  return (all[form] ?? all[`${key}_other`] ?? '').replace('{{number}}', number).replace('{{name}}', name ?? '');
}

/** Leads a page that is open there, or opens one. */
async function open(path: string): Promise<void> {
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ focused }) => focused) ?? pages[0];
  if (!page) {
    await scope.clients.openWindow(path);
    return;
  }
  await page.focus();
  page.postMessage({ recado: 'open', path });
}
