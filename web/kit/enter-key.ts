// Whether Enter sends a message: as the person chose in this browser, else where there is a mouse.
import { useSyncExternalStore } from 'react';

const key = 'recado.enterSends';
/** On a phone, Enter is the only way to a new line. */
const hasMouse = matchMedia('(pointer: fine)');
const listeners = new Set<() => void>();

function enterSends(): boolean {
  const chosen = localStorage.getItem(key);
  return chosen === null ? hasMouse.matches : chosen === 'true';
}

export function setEnterSends(sends: boolean): void {
  localStorage.setItem(key, String(sends));
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  const fromOtherTabs = (event: StorageEvent) => event.key === key && listener();
  listeners.add(listener);
  hasMouse.addEventListener('change', listener);
  addEventListener('storage', fromOtherTabs);
  return () => {
    listeners.delete(listener);
    hasMouse.removeEventListener('change', listener);
    removeEventListener('storage', fromOtherTabs);
  };
}

export const useEnterSends = (): boolean => useSyncExternalStore(listen, enterSends);
