// A QR code, made in this browser: what it says goes nowhere.
import { encode } from 'uqr';
import { cx } from '../kit/class-names.ts';

/** Cameras want dark on light, in both themes, and a margin of four modules. */
const margin = 4;

interface Props {
  text: string;
  label: string;
  /** How much of it may be unreadable: M 15 %, L 7 % with larger modules. */
  correction?: 'L' | 'M';
  /** Its size. */
  className?: string;
}

export function QrCode({ text, label, correction = 'M', className = 'size-44' }: Props) {
  const { data, size } = encode(text, { ecc: correction, border: margin });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={cx('rounded-card border border-border', className)}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
