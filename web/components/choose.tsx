// Chips filter, tabs change the content, segments the view of it.
import { X } from 'lucide-react';
import type { ButtonHTMLAttributes, KeyboardEvent, ReactNode } from 'react';
import { cx } from '../kit/class-names.ts';

interface ChipProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  pressed: boolean;
  count?: string | undefined;
  /** Pressed again, it goes. */
  removable?: boolean;
  /** It adds something. */
  adds?: boolean;
}

export function Chip({ pressed, count, removable = false, adds = false, children, ...rest }: ChipProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-pressed={pressed}
      className={cx(
        'inline-flex h-control-s items-center gap-1.5 rounded-control border px-2 text-13 whitespace-nowrap',
        adds && 'border-dashed',
        pressed
          ? 'border-accent-line bg-accent-soft font-medium text-accent-text'
          : 'border-line/35 bg-surface text-muted hover:bg-hover hover:text-text',
      )}
    >
      {children}
      {count !== undefined && <span className={cx('num', !pressed && 'text-faint')}>{count}</span>}
      {removable && <X size={14} aria-hidden="true" className="-me-1" />}
    </button>
  );
}

/** Arrows move within a group of buttons. */
function moveBetween(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button, a')];
  const way = getComputedStyle(event.currentTarget).direction === 'rtl' ? -step : step;
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  buttons[(at + way + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

interface ChipsProps {
  label: string;
  /** In one row, which scrolls where it is too long. */
  isRow?: boolean;
  children: ReactNode;
}

export const Chips = ({ label, isRow = false, children }: ChipsProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a border and is no toolbar
  <div
    role="group"
    aria-label={label}
    className={cx(
      'flex items-center gap-1.5',
      isRow ? '-m-1 [scrollbar-width:none] overflow-x-auto p-1 *:flex-none' : 'flex-wrap',
    )}
    onKeyDown={moveBetween}
  >
    {children}
  </div>
);

interface TabLinksProps {
  label: string;
  /** In as many rows as they need. On a phone they scroll in one, as all others do. */
  wraps?: boolean;
  children: ReactNode;
}

/** Tabs that are links: each is a page of its own. Mark the current one with `aria-current`. */
export const TabLinks = ({ label, wraps = false, children }: TabLinksProps) => (
  <nav
    aria-label={label}
    onKeyDown={moveBetween}
    className={cx(
      'flex gap-5 overflow-x-auto border-b border-border [scrollbar-width:none]',
      wraps &&
        'md:flex-wrap md:gap-y-0 md:overflow-visible md:bg-[repeating-linear-gradient(transparent_0_39px,var(--border)_39px_40px)]',
    )}
  >
    {children}
  </nav>
);

export const tabLook =
  '-mb-px inline-flex h-10 items-center gap-1.5 border-b-2 border-transparent font-medium whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-accent-line aria-[current=page]:text-text';

interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function Segments<Value extends string>({ label, value, options, onChange }: SegmentsProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a border and is no toolbar
    <div
      role="group"
      aria-label={label}
      onKeyDown={moveBetween}
      className="inline-flex max-w-full gap-0.5 overflow-x-auto rounded-control bg-sunken p-0.5"
    >
      {options.map(option => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className="h-[calc(var(--control)-4px)] rounded-badge px-2.5 text-13 font-medium whitespace-nowrap text-muted hover:text-text aria-pressed:bg-raised aria-pressed:text-text aria-pressed:shadow-[0_0_0_1px_var(--border)]"
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
