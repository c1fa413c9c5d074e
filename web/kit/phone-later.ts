// Phone numbers as people read them, in what is shown before the table of countries is there.
import { useSyncExternalStore } from 'react';
import { lazyFile } from './lazy.ts';

type Reading = (number: string) => string;

let reading: Reading = number => number;
const listeners = new Set<() => void>();

const table = lazyFile(async () => {
  ({ phoneToRead: reading } = await import('./phone.ts'));
  for (const tell of listeners) tell();
});

/** Loads the table once numbers are on the screen. Without it they stay digits; it is loaded again at rest. */
function listen(tell: () => void): () => void {
  listeners.add(tell);
  if (!table.isLoaded()) requestAnimationFrame(() => void table.load().catch(() => undefined));
  return () => listeners.delete(tell);
}

/** `phoneToRead`, or the digits as they are until its table is loaded. */
export const usePhoneToRead = (): Reading => useSyncExternalStore(listen, () => reading);
