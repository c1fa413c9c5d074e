// Pages, cards and tables: one inner edge of 20 px from card to card.
import { CircleAlert } from 'lucide-react';
import type { HTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from '../kit/class-names.ts';

export const Card = ({ className, ...rest }: HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> }) => (
  <section {...rest} className={cx('min-w-0 rounded-card border border-border bg-surface', className)} />
);

export const CardHead = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="flex min-h-13 flex-wrap items-center gap-x-3 px-4 py-3 md:px-5">
    <h2 className="min-w-0 flex-1">{title}</h2>
    {children}
  </div>
);

export const CardBody = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={cx('px-4 pb-5 md:px-5', className)}>{children}</div>
);

export const CardFoot = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={cx('flex flex-wrap items-center gap-2 border-t border-border px-4 py-3 md:px-5', className)}>
    {children}
  </div>
);

/** Names and values. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="grid grid-cols-[minmax(96px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-2 text-13">
    {facts.map(([name, value]) => (
      <div key={name} className="contents">
        <dt className="text-muted">{name}</dt>
        <dd className="min-w-0 wrap-anywhere">{value}</dd>
      </div>
    ))}
  </dl>
);

interface SettingProps {
  title: string;
  hint?: ReactNode;
  /** The error of its control. */
  error?: string | undefined;
  /** The id of the error, for the control. */
  errorId?: string;
  children: ReactNode;
}

/** A setting: what it does, and its control at the end. */
export const Setting = ({ title, hint, error, errorId, children }: SettingProps) => (
  <div className="grid gap-x-8 gap-y-3 border-b border-border py-3.5 first:pt-1 last:border-0 last:pb-0 md:flex md:items-center md:justify-between">
    <div className="max-w-[66ch]">
      <div className="font-medium">{title}</div>
      {hint && <p className="text-13 text-muted">{hint}</p>}
      {error && (
        <p id={errorId} role="alert" className="flex gap-1.5 text-13 text-danger">
          <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5 flex-none" aria-hidden="true" />
          <span>{error}</span>
        </p>
      )}
    </div>
    <div className="flex flex-wrap items-center gap-2">{children}</div>
  </div>
);

interface TableProps {
  label: string;
  children: ReactNode;
  /** Within a card that has a border. */
  bare?: boolean;
  /** Rows of one line. */
  short?: boolean;
}

/** A table in a card's border. Below 768 px each row is a small card. */
export const Table = ({ label, children, bare = false, short = false }: TableProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a section has no role without a name, and this one scrolls
  <div
    role="region"
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    tabIndex={0}
    className={cx('overflow-x-auto', !bare && 'rounded-card border border-border bg-surface')}
  >
    <table className={cx('data-table w-full border-separate border-spacing-0 text-13', short && 'short')}>
      {children}
    </table>
  </div>
);
