// The parts of a page, from one to the next by a key: what is marked with `data-pane`.

const reachable = 'a[href], button, input, textarea, select, [tabindex="0"]';
const isShown = (element: HTMLElement) => element.getClientRects().length > 0;

/** Where the focus goes in a pane: to what is marked with `data-pane-start`, else to the first that Tab reaches. */
function startOf(pane: HTMLElement): HTMLElement | undefined {
  const candidates = [
    ...pane.querySelectorAll<HTMLElement>('[data-pane-start]'),
    ...pane.querySelectorAll<HTMLElement>(reachable),
  ];
  return candidates.find(each => isShown(each) && each.tabIndex >= 0);
}

/** Moves the focus to the next pane, or to the one before. It passes over panes with nothing to reach. */
export function cyclePanes(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(isShown);
  const starts = panes.flatMap(pane => ({ pane, start: startOf(pane) })).filter(({ start }) => start !== undefined);
  // The innermost: a pane may be within another.
  const current = document.activeElement?.closest('[data-pane]');
  const at = starts.findIndex(({ pane }) => pane === current);
  const next = at === -1 && step === -1 ? starts.length - 1 : (at + step + starts.length) % starts.length;
  starts[next]?.start?.focus();
}
