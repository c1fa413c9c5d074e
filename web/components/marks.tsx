// Small marks: badges, dots, keys, faces of people, and our own mark.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../kit/class-names.ts';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

const pills: Record<Tone, string> = {
  neutral: 'bg-active text-muted',
  accent: 'bg-accent-soft text-accent-text',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
};

export function Pill({
  tone = 'neutral',
  icon: Icon,
  children,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <span
      className={cx(
        'inline-flex h-5.5 items-center gap-1.5 rounded-badge px-2 text-12 font-medium whitespace-nowrap',
        pills[tone],
      )}
    >
      {Icon && <Icon size={13} strokeWidth={1.75} aria-hidden="true" />}
      {children}
    </span>
  );
}

export type Health = 'success' | 'warning' | 'danger' | 'off';

const dots: Record<Health | 'info', string> = {
  success: 'size-2 rounded-full bg-success-solid',
  warning: 'h-[9px] w-2.5 bg-warning-solid [clip-path:polygon(50%_0,100%_100%,0_100%)]',
  danger: 'size-[7px] rotate-45 rounded-[2px] bg-danger-solid',
  info: 'size-2 rounded-[2px] bg-info-solid',
  off: 'size-2 rounded-full border-[1.5px] border-line',
};

/** Each has its own shape. A word stands beside it. */
export const Dot = ({ health }: { health: Health | 'info' }) => (
  <span className="inline-grid w-2.5 flex-none place-items-center" aria-hidden="true">
    <span className={dots[health]} />
  </span>
);

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-badge border border-border bg-surface px-1.5 font-sans text-12 font-medium text-muted">
    {children}
  </kbd>
);

export const Count = ({ children }: { children: ReactNode }) => (
  <span className="num inline-flex min-w-5 justify-center rounded-full bg-accent px-1.5 text-12/5 font-strong text-on-solid">
    {children}
  </span>
);

const initials = (name: string) =>
  name
    .split(/\s+/)
    .filter(word => /\p{L}/u.test(word))
    .slice(0, 2)
    .map(word => [...word].find(letter => /\p{L}/u.test(letter)) ?? '')
    .join('')
    .toUpperCase();

const faces = {
  tiny: 'size-5 text-[10px]',
  small: 'size-6 text-12',
  normal: 'size-8 text-12',
  large: 'size-10 text-14',
  huge: 'size-14 text-20',
};

export function Avatar({ name, size = 'normal' }: { name: string; size?: keyof typeof faces }) {
  const colour = ([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 6) + 1;
  return (
    <span className={cx('avatar', faces[size])} data-c={colour} aria-hidden="true">
      {initials(name) || '#'}
    </span>
  );
}

export const Logo = ({ size = 28 }: { size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 28 28"
    fill="none"
    aria-hidden="true"
    className="flex-none text-accent-text"
  >
    <path
      d="M4 7.5A3.5 3.5 0 0 1 7.5 4h13A3.5 3.5 0 0 1 24 7.5v9.6L17.1 24H7.5A3.5 3.5 0 0 1 4 20.5z"
      fill="currentColor"
    />
    <path d="M17 24v-3.5a3.5 3.5 0 0 1 3.5-3.5H24z" fill="currentColor" opacity=".45" />
    <path
      d="m9.25 13.7 3.3 3.3 6.2-7.3"
      stroke="var(--canvas)"
      strokeWidth={2.2}
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
