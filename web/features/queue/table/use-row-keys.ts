// Keys in the table: ↑ and ↓, k and j move, Enter opens, x selects, Shift x selects up to here.

import { useNavigate } from '@tanstack/react-router';
import type { RowSelectionState } from '@tanstack/react-table';
import { type KeyboardEvent, useRef } from 'react';
import { hotkeyAt } from '../../../kit/hotkeys.ts';

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
    // Within a row its buttons and boxes have keys of their own.
    const isRow = event.target instanceof HTMLTableRowElement;
    const name = hotkeyAt('table', event);
    const id = ids[current];
    if (name === 'rowBefore' || name === 'rowPrevious') onMove(Math.max(0, current - 1));
    else if (name === 'rowAfter' || name === 'rowNext') onMove(Math.min(ids.length - 1, current + 1));
    else if (name === 'openRow' && isRow && id !== undefined) {
      void navigate({ to: '/messages/$messageId', params: { messageId: id } });
    } else if (name === 'selectTo' && onSelect) {
      const reached = between(ids, anchor.current, current).map(one => [one, true as const]);
      onSelect({ ...selected, ...Object.fromEntries(reached) });
    } else if (name === 'select' && onSelect && id !== undefined) {
      const { [id]: was, ...others } = selected;
      onSelect(was ? others : { ...others, [id]: true });
      anchor.current = current;
    } else return;
    event.preventDefault();
    // The page has j and k too, for a focus that is elsewhere.
    event.nativeEvent.stopPropagation();
  };
}
