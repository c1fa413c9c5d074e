// Which file the viewer shows. Bubbles are deep in the log, so this is a store and not a prop.
import type { Message } from '@recado/client';
import { useSyncExternalStore } from 'react';

interface Viewed {
  message: Message;
  /** The messages between which the arrows go, the oldest first. Without them: the loaded part of the conversation. */
  among?: readonly Message[] | undefined;
}

let shown: Viewed | undefined;
const listeners = new Set<() => void>();

export function openViewer(message: Message | undefined, among?: readonly Message[]): void {
  shown = message && { message, among };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The message whose file is shown. */
export const useViewed = (): Viewed | undefined => useSyncExternalStore(subscribe, () => shown);
