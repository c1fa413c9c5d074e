// A list of counts, each with a bar: the longest fills the width.
import type { ReactNode } from 'react';
import { useFormat } from '../../kit/format.ts';

export interface ShareBar {
  key: string;
  name: ReactNode;
  value: number;
  /** Below its bar. */
  hint?: ReactNode;
}

interface Props {
  label: string;
  bars: readonly ShareBar[];
  /** The value of a full bar. Default: the largest. */
  most?: number;
  /** A custom property. */
  colour?: string;
}

export function ShareBars({
  label,
  bars,
  most = Math.max(1, ...bars.map(({ value }) => value)),
  colour = '--chart-1',
}: Props) {
  const { number } = useFormat();
  return (
    <ul aria-label={label} className="grid gap-0.5 text-13">
      {bars.map(({ key, name, value, hint }) => (
        <li key={key} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 py-1.25">
          <span className="cut">{name}</span>
          <span className="num">{number(value)}</span>
          <span
            className="col-span-2 mt-1.25 h-1 rounded-[2px]"
            style={{ width: `${(value / most) * 100}%`, minWidth: value > 0 ? 2 : 0, background: `var(${colour})` }}
          />
          {hint !== undefined && hint !== '' && <span className="col-span-2 mt-0.75 text-12 text-muted">{hint}</span>}
        </li>
      ))}
    </ul>
  );
}
