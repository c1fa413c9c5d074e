// Buttons. One primary a page; a label is a verb.
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { cx } from '../kit/class-names.ts';
import type { HotkeyName } from '../kit/hotkeys.ts';
import { Tip } from './tip.tsx';

export type ButtonKind = 'primary' | 'line' | 'quiet' | 'danger' | 'danger-solid';
type Size = 'normal' | 'small';

const kinds: Record<ButtonKind, string> = {
  primary: 'border-transparent bg-accent text-on-solid hover:bg-accent-hover active:bg-accent-hover',
  line: 'bg-surface text-text border-line/45 hover:bg-hover active:bg-active',
  quiet: 'border-transparent hover:bg-hover active:bg-active',
  danger: 'bg-surface text-danger border-danger-solid/45 hover:bg-danger-soft',
  'danger-solid': 'border-transparent bg-danger-solid text-on-solid hover:opacity-90',
};

const sizes: Record<Size, string> = {
  normal: 'h-control px-3 text-14',
  small: 'h-control-s px-2.5 text-13',
};

const off = 'border-transparent bg-active text-faint cursor-not-allowed';

/** The look of a button, for links that are one. */
export const buttonLook = (kind: ButtonKind = 'quiet', size: Size = 'normal', isOff = false): string =>
  cx(
    'inline-flex items-center justify-center gap-1.5 rounded-control border font-medium leading-none whitespace-nowrap select-none transition-colors duration-120 ease-ui',
    sizes[size],
    isOff ? off : kinds[kind],
  );

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  kind?: ButtonKind;
  size?: Size;
  icon?: LucideIcon;
  /** Shows a spinner; it keeps its width and stays focusable. */
  busy?: boolean;
  /** Why it is not possible now; undefined if it is. */
  impossible?: string | undefined;
  children: ReactNode;
}

export function Button({
  kind = 'quiet',
  size = 'normal',
  icon: Icon,
  busy = false,
  impossible,
  children,
  onClick,
  className,
  type = 'button',
  ...rest
}: Props) {
  const isOff = impossible !== undefined;
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isOff || busy) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      type={type}
      className={cx(buttonLook(kind, size, isOff), className)}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      onClick={click}
    >
      {busy ? (
        <span className="spin -ms-0.5" aria-hidden="true" />
      ) : (
        Icon && <Icon size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      )}
      {children}
    </button>
  );
  return isOff ? <Tip text={impossible}>{button}</Tip> : button;
}

interface IconProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'children'> {
  icon: LucideIcon;
  /** Its name, which the tooltip shows too. */
  label: string;
  /** The key that does the same; the tooltip shows it. */
  hotkey?: HotkeyName;
  size?: Size;
  kind?: 'line' | 'quiet';
}

export function IconButton({
  icon: Icon,
  label,
  hotkey,
  size = 'normal',
  kind = 'quiet',
  className,
  ...rest
}: IconProps) {
  return (
    <Tip text={label} hotkey={hotkey}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cx(
          buttonLook(kind, size),
          'px-0! text-muted hover:text-text',
          size === 'small' ? 'w-control-s' : 'w-control',
          className,
        )}
      >
        <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </Tip>
  );
}

/** A button that reads as a link. */
export function LinkButton({ className, type = 'button', ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button {...rest} type={type} className={cx('link font-medium', className)} />;
}
