// The tabs of one browser, and which of them are open. A tab holds a lock with its name; the browser frees it at the end.
// Without locks (over plain HTTP) each other tab counts as closed.
import { randomKey } from './kept.ts';

const nameOf = (tab: string) => `recado.tab.${tab}`;

/** The name of this tab, until it is reloaded. */
export const thisTab = randomKey();
void navigator.locks?.request(nameOf(thisTab), () => new Promise(() => undefined));

export async function isOpen(tab: string): Promise<boolean> {
  const options = { mode: 'shared', ifAvailable: true } as const;
  return (await navigator.locks?.request(nameOf(tab), options, lock => lock === null)) ?? false;
}

/** Ends when that tab is closed. */
export async function closed(tab: string): Promise<void> {
  await navigator.locks?.request(nameOf(tab), { mode: 'shared' }, () => undefined);
}
