// The cross-hair of a chart: arrow keys, Home and End move it, a pointer too.
import { type HTMLAttributes, type KeyboardEvent, type PointerEvent, useState } from 'react';

interface Options {
  count: number;
  /** Where it begins: at the newest value. */
  start: number;
  /** The place at a point, in pixels from the left and the top of the chart. */
  placeAt: (left: number, top: number) => number | undefined;
  /** How far the arrows up and down go, in a chart with rows. */
  row?: number;
  /** What a screen reader says at a place. */
  words: (place: number) => string;
  label: string;
}

/** Returns the place of the cross-hair, undefined while nobody looks, and what the chart needs for it. */
export function useCross({ count, start, placeAt, row, words, label }: Options) {
  const [place, setPlace] = useState<number>();
  const at = Math.min(place ?? start, count - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -count,
      End: count,
      ...(row !== undefined && { ArrowDown: row, ArrowUp: -row }),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = at + step;
    const isBeyond = next < 0 || next >= count;
    if (isBeyond && Math.abs(step) === row) return;
    setPlace(place === undefined && Math.abs(step) < count ? at : Math.min(count - 1, Math.max(0, next)));
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPlace(placeAt(event.clientX - box.left, event.clientY - box.top));
  };
  // A slider: screen readers say the value where the arrows have moved it.
  const props: HTMLAttributes<HTMLElement> = {
    role: 'slider',
    tabIndex: 0,
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': Math.max(0, count - 1),
    'aria-valuenow': at,
    'aria-valuetext': words(at),
    'aria-readonly': true,
    onKeyDown,
    onPointerMove: follow,
    onPointerLeave: () => setPlace(undefined),
    onBlur: () => setPlace(undefined),
  };
  return { place: place === undefined ? undefined : at, props };
}
