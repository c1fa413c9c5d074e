// Where the cursor goes when a conversation opens, and by a key.

/** On a phone the keyboard would cover the messages. */
export const hasMouse = matchMedia('(pointer: fine)');
const place = '[data-composer]';

/** Puts the cursor into the field; where templates stand in its place, the focus goes there. */
export function focusComposer(): void {
  const composer = document.querySelector<HTMLElement>(place);
  const field = composer?.querySelector<HTMLElement>('form textarea');
  (field ?? composer?.querySelector<HTMLElement>('input, [tabindex="0"], button'))?.focus();
}

/** Leaves the field to the row of the conversation in the list. */
export function leaveComposer(): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[role="list"] :is(a[data-open], a[tabindex="0"])')];
  const row = rows.find(each => each.dataset.open !== undefined) ?? rows[0];
  if (row && row.getClientRects().length > 0) row.focus();
  else (document.activeElement as HTMLElement | null)?.blur();
}

const hasFocus = (where: string) => document.activeElement?.closest(where) != null;
const hasNoFocus = () => document.activeElement === null || document.activeElement === document.body;

/** Puts the cursor into the field of a conversation that opens, unless somebody works elsewhere. */
export function focusOpened(): void {
  const isFree = hasNoFocus() || hasFocus('[role="list"] a');
  // Templates do not take the focus: j goes on from the row.
  if (hasMouse.matches && isFree) document.querySelector<HTMLElement>(`${place} form textarea`)?.focus();
}

/** Gives the focus back to the field where it was lost with what stood there. */
export function focusReturned(): void {
  if (hasMouse.matches && hasNoFocus()) document.querySelector<HTMLElement>(`${place} form textarea`)?.focus();
}
