// Rows do not move under the pointer: while it is over the list, or the list is scrolled, the order stays.
import type { Conversation } from '@recado/client';
import { useMemo, useRef, useState } from 'react';

/** The rows to show, how many wait to move up, and a way to let them. */
export function useHeldOrder(rows: readonly Conversation[], isHeld: boolean) {
  const held = useRef<readonly string[]>(undefined);
  const [, release] = useState(0);
  if (!isHeld) held.current = undefined;
  else held.current ??= rows.map(({ id }) => id);
  const order = held.current;

  const shown = useMemo(() => {
    if (!order) return { rows, waiting: 0 };
    const byId = new Map(rows.map(row => [row.id, row]));
    const known = new Set(order);
    const kept = order.flatMap(id => byId.get(id) ?? []);
    const lastKept = kept.at(-1);
    const end = lastKept ? rows.indexOf(lastKept) : rows.length;
    // Rows read while somebody scrolls down stand below; new rows wait above.
    const below = rows.filter(({ id }, index) => !known.has(id) && index > end);
    const above = rows.length - kept.length - below.length;
    return { rows: [...kept, ...below], waiting: above + movedUp(rows, kept) };
  }, [rows, order]);

  return {
    ...shown,
    release: () => {
      held.current = rows.map(({ id }) => id);
      release(count => count + 1);
    },
  };
}

/** How many of the kept rows would stand above what is now the first. */
function movedUp(rows: readonly Conversation[], kept: readonly Conversation[]): number {
  const place = new Map(kept.map(({ id }, index) => [id, index]));
  let count = 0;
  let lowest = Number.POSITIVE_INFINITY;
  // From the end: who stands behind one that comes after in the new order has moved up.
  for (const { id } of rows.toReversed()) {
    const at = place.get(id);
    if (at === undefined) continue;
    if (at > lowest) count++;
    else lowest = at;
  }
  return count;
}
