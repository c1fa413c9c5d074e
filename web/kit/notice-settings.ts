// How this browser tells of new messages that nobody sees: as the person chose here.
import { useSyncExternalStore } from 'react';

const keys = { sound: 'recado.sound', notifications: 'recado.notifications' } as const;
export type NoticeSetting = keyof typeof keys;
const listeners = new Set<() => void>();

/** The choice of the person; undefined before it. */
export function noticeSetting(name: NoticeSetting): boolean | undefined {
  const chosen = localStorage.getItem(keys[name]);
  return chosen === null ? undefined : chosen === 'true';
}

export function setNoticeSetting(name: NoticeSetting, isOn: boolean): void {
  localStorage.setItem(keys[name], String(isOn));
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  const fromOtherTabs = ({ key }: StorageEvent) => Object.values(keys).some(each => each === key) && listener();
  listeners.add(listener);
  addEventListener('storage', fromOtherTabs);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', fromOtherTabs);
  };
}

export const useNoticeSetting = (name: NoticeSetting): boolean | undefined =>
  useSyncExternalStore(listen, () => noticeSetting(name));

/** The permission of the browser; `unsupported` over plain HTTP. */
export const notificationPermission = (): NotificationPermission | 'unsupported' =>
  typeof Notification === 'function' && isSecureContext ? Notification.permission : 'unsupported';

/** Asks the person in the browser's own words, and turns notifications on if they agree. */
export async function askForNotifications(): Promise<NotificationPermission> {
  const answer = await Notification.requestPermission();
  setNoticeSetting('notifications', answer === 'granted');
  return answer;
}
