// Where the focus goes when a dialog closes. Radix knows its trigger only, and our dialogs are opened by state.
import { useRef, useState } from 'react';

/** The steps back from open dialogs, for a dialog that another one opens. */
const wayBackOf = new WeakMap<Element, readonly HTMLElement[]>();

/** The focused element and all that it is in. A closing menu goes on with its trigger, a dialog with what opened it. */
function wayBack(): readonly HTMLElement[] {
  const steps: HTMLElement[] = [];
  let at = document.activeElement;
  while (at instanceof HTMLElement && at !== document.body) {
    const before = wayBackOf.get(at);
    if (before) return [...steps, ...before];
    steps.push(at);
    const trigger =
      at.getAttribute('role') === 'menu' ? document.getElementById(at.getAttribute('aria-labelledby') ?? '') : null;
    at = trigger ?? at.parentElement;
  }
  return steps;
}

const focusable = 'a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"])';

/** Whether it has the focus now. A hidden or disabled element takes none. */
function takesFocus(element: HTMLElement): boolean {
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/** Props of a dialog's content: when it closes, the focus returns to where it was, or to the nearest place that is left. */
export function useReturnFocus(open: boolean) {
  const steps = useRef<readonly HTMLElement[]>([]);
  const [wasOpen, setWasOpen] = useState(false);
  // Read while it is drawn: a field of the dialog takes the focus before any effect.
  if (open !== wasOpen) {
    setWasOpen(open);
    if (open) steps.current = wayBack();
  }
  return {
    ref: (content: HTMLElement | null) => {
      if (content) wayBackOf.set(content, steps.current);
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      // An action of the dialog may have moved the focus.
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      for (const step of steps.current) {
        if (!step.isConnected) continue;
        if (takesFocus(step) || [...step.querySelectorAll<HTMLElement>(focusable)].some(takesFocus)) return;
      }
    },
  };
}
