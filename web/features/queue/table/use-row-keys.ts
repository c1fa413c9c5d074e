// Keys in the table: ↑ and ↓ move, Enter opens, x selects, Shift x selects up to here.

import { useNavigate } from '@tanstack/react-router';
import type { RowSelectionState } from '@tanstack/react-table';
import { type KeyboardEvent, useRef } from 'react';

interface Options {
  ids: readonly string[];
  current: number;
  onMove: (index: number) => void;
  selected: RowSelectionState;
  onSelect: ((selected: RowSelectionState) => void) | undefined;
}

/** The rows from one to another, both with them. */
export const between = (ids: readonly string[], from: number, to: number): string[] =>
  ids.slice(Math.min(from, to), Math.max(from, to) + 1);

export function useRowKeys({ ids, current, onMove, selected, onSelect }: Options) {
  const navigate = useNavigate();
  const anchor = useRef(0);
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Within a row its buttons and boxes have keys of their own.
    const isRow = event.target instanceof HTMLTableRowElement;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const id = ids[current];
    if (move !== undefined) {
      const next = Math.min(ids.length - 1, Math.max(0, current + move));
      onMove(next);
    } else if (event.key === 'Enter' && isRow && id !== undefined) {
      void navigate({ to: '/messages/$messageId', params: { messageId: id } });
    } else if (event.key.toLowerCase() === 'x' && onSelect && id !== undefined) {
      if (event.shiftKey)
        onSelect({
          ...selected,
          ...Object.fromEntries(between(ids, anchor.current, current).map(one => [one, true as const])),
        });
      else {
        const { [id]: was, ...others } = selected;
        onSelect(was ? others : { ...others, [id]: true });
        anchor.current = current;
      }
    } else return;
    event.preventDefault();
  };
}
