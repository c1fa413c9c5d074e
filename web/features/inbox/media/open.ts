// Which file the viewer shows. Bubbles are deep in the log, so this is a store and not a prop.
import { useSyncExternalStore } from 'react';
import type { Viewable } from './viewable.ts';

interface Viewed {
  viewable: Viewable;
  /** The files between which the arrows go, the oldest first. Without them: the loaded part of the conversation. */
  among?: readonly Viewable[] | undefined;
}

let shown: Viewed | undefined;
const listeners = new Set<() => void>();

export function openViewer(viewable: Viewable | undefined, among?: readonly Viewable[]): void {
  shown = viewable && { viewable, among };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The file that is shown. */
export const useViewed = (): Viewed | undefined => useSyncExternalStore(subscribe, () => shown);
