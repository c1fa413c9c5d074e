// Which file the viewer shows. Bubbles are deep in the log, so this is a store and not a prop.
import type { Message } from '@recado/client';
import { useSyncExternalStore } from 'react';

let shown: Message | undefined;
const listeners = new Set<() => void>();

export function openViewer(message: Message | undefined): void {
  shown = message;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The message whose file is shown. */
export const useViewed = (): Message | undefined => useSyncExternalStore(subscribe, () => shown);
