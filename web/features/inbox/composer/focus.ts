// Where the cursor goes when a conversation opens, and by a key.

/** On a phone the keyboard would cover the messages. */
export const hasMouse = matchMedia('(pointer: fine)');
const place = '[data-composer]';

/** Puts the cursor into the field; where templates stand in its place, the focus goes there. */
export function focusComposer(): void {
  const composer = document.querySelector<HTMLElement>(place);
  const field = composer?.querySelector<HTMLElement>('form textarea');
  const inTemplates = composer?.querySelector<HTMLElement>('section :not([hidden] *):is(input, [tabindex="0"])');
  (field ?? inTemplates ?? composer?.querySelector<HTMLElement>('input, [tabindex="0"], button'))?.focus();
}

/** Writes at the cursor, as if it were typed: it can be undone. */
export function insert(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

export const isInComposer = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(place) !== null;

/** Writes into the field of the open conversation, if it has one. */
export function typeIntoComposer(text: string): void {
  const area = document.querySelector<HTMLTextAreaElement>(`${place} form textarea`);
  if (area) insert(area, text);
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
