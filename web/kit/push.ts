// Web Push: this browser is told while no page is open, through its push service.
import { recado } from './client.ts';
import { currentLanguage } from './language.ts';
import { noticeSetting, notificationPermission } from './notice-settings.ts';

/** Whether this browser has Web Push. iOS has it in the installed app only. */
export const hasPush = (): boolean =>
  isSecureContext && 'serviceWorker' in navigator && typeof PushManager === 'function';

const workerPath = '/sw.js';

/** Keeps the service worker at the version of the server. */
export async function startWorker(): Promise<void> {
  if (!isSecureContext || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(workerPath, { updateViaCache: 'none' });
}

const subscriptionNow = async (): Promise<PushSubscription | null> =>
  hasPush() ? ((await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription()) ?? null) : null;

/** Whether this browser is told while no page is open. */
export const isSubscribed = async (): Promise<boolean> => (await subscriptionNow()) !== null;

/**
 * Subscribes, or says again what the browser subscribed with: it may have renewed it. The browser must have allowed it. A
 * browser without a push service does not subscribe; then an open tab tells.
 */
export async function subscribe(): Promise<void> {
  if (!hasPush()) return;
  const { public_key: key } = await recado.me.getPushKey();
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.getSubscription();
  if (known && !isOf(known, key)) await known.unsubscribe();
  const subscription = await worker.pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: key })
    .catch(() => undefined);
  if (!subscription) return;
  const { endpoint, keys } = subscription.toJSON();
  await recado.me.setPushSubscription({
    endpoint: endpoint ?? '',
    keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' },
    language: currentLanguage(),
  });
}

/** Takes back what the service worker showed and is read since. */
export async function closeShown(unread: ReadonlySet<string>): Promise<void> {
  if (!hasPush()) return;
  const worker = await navigator.serviceWorker.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? [])
    if (shown.tag === 'recado' ? unread.size === 0 : !unread.has(shown.tag)) shown.close();
}

/** Calls with where a notification leads that somebody pressed. Returns how to end it. */
export function onOpen(go: (path: string) => void): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const listen = ({ data }: MessageEvent) => data?.recado === 'open' && go(data.path);
  navigator.serviceWorker.addEventListener('message', listen);
  return () => navigator.serviceWorker.removeEventListener('message', listen);
}

/** Whether a subscription is for this installation: another one may have been at this address. */
function isOf({ options: { applicationServerKey: known } }: PushSubscription, key: string): boolean {
  if (known === null) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(known)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key;
}

export async function unsubscribe(): Promise<void> {
  await (await subscriptionNow())?.unsubscribe();
}

/** Says the subscription again at each start, as another session may have begun here. */
export async function renewSubscription(): Promise<void> {
  if (notificationPermission() === 'granted' && noticeSetting('notifications') !== false) await subscribe();
}
