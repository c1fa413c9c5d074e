// Fields: label above, help and errors below, tied together for screen readers.
import { CircleAlert, CircleCheck, Search } from 'lucide-react';
import {
  createContext,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useContext,
  useId,
} from 'react';
import { cx } from '../kit/class-names.ts';
import { Said } from './said.tsx';

interface FieldState {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}
const FieldContext = createContext<FieldState | undefined>(undefined);

interface FieldProps {
  label: string;
  /** The label is only said: a head of the table shows it. */
  isLabelHidden?: boolean;
  hint?: ReactNode;
  /** What is wrong, in words. */
  error?: ReactNode;
  /** What was found. */
  ok?: ReactNode;
  /** Beside the label. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Field({ label, isLabelHidden = false, hint, error, ok, aside, className, children }: FieldProps) {
  const id = useId();
  const below = `${id}-below`;
  const state = { id, invalid: !!error, describedBy: error || ok || hint ? below : undefined };
  return (
    <div className={cx('grid content-start gap-1.5', className)}>
      <div className={isLabelHidden ? 'sr-only' : 'flex items-baseline justify-between gap-3'}>
        <label htmlFor={id} className="text-13 font-medium">
          {label}
        </label>
        {aside}
      </div>
      <FieldContext value={state}>{children}</FieldContext>
      <Below id={below} error={error} ok={ok} hint={hint} />
    </div>
  );
}

function Below({ id, error, ok, hint }: { id: string } & Pick<FieldProps, 'error' | 'ok' | 'hint'>) {
  if (error)
    return (
      <p id={id} role="alert" className="flex gap-1.5 text-13 text-danger">
        <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
        <Said text={error} />
      </p>
    );
  if (ok)
    return (
      <p id={id} className="flex gap-1.5 text-13 text-success">
        <CircleCheck size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
        <span>{ok}</span>
      </p>
    );
  return hint ? (
    <p id={id} className="text-13 text-muted">
      {hint}
    </p>
  ) : null;
}

const look =
  'w-full min-w-0 rounded-control border border-line bg-surface text-text placeholder:text-faint hover:border-faint focus-visible:outline-offset-[-1px] focus-visible:border-focus aria-invalid:border-danger-solid aria-invalid:outline-danger-solid disabled:bg-sunken disabled:text-faint disabled:border-border read-only:bg-sunken read-only:border-border';

function useField() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined };
}

/** Words of any script run as they are read. Empty, a field is written from where the page begins, as its placeholder is. */
export const directionOf = (value: unknown, type = 'text'): 'auto' | undefined =>
  value && (type === 'text' || type === 'search') ? 'auto' : undefined;

type InputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };
export function Input({ className, ...rest }: InputProps) {
  return (
    <input
      dir={directionOf(rest.value, rest.type)}
      {...useField()}
      {...rest}
      className={cx(look, 'h-control px-2.5', className)}
    />
  );
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select
      {...useField()}
      {...rest}
      className={cx(
        'select h-control w-full min-w-0 rounded-control border border-line bg-surface ps-2.5 text-text hover:border-faint focus-visible:outline-offset-[-1px] aria-invalid:border-danger-solid disabled:border-border disabled:bg-sunken disabled:text-faint',
        className,
      )}
    >
      {children}
    </select>
  );
}

export function Area({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <textarea
      dir={directionOf(rest.value)}
      {...useField()}
      {...rest}
      className={cx(look, 'min-h-22 resize-y px-2.5 py-2', className)}
    />
  );
}

/** A field with words after it, within its border. */
export function Affix({ after, className, children }: { after: string; className?: string; children: ReactNode }) {
  return (
    <span
      className={cx(
        'flex h-control items-center overflow-hidden rounded-control border border-line bg-surface has-focus-visible:outline-2 has-focus-visible:outline-focus has-aria-invalid:border-danger-solid [&>input]:h-full [&>input]:border-0 [&>input]:outline-0',
        className,
      )}
    >
      {children}
      <span className="pe-2.5 text-13 whitespace-nowrap text-muted">{after}</span>
    </span>
  );
}

type Choice = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & { label: ReactNode };

export function Check({ label, className, ...rest }: Choice) {
  return (
    <label className={cx('inline-flex cursor-pointer items-start gap-2', className)}>
      <input type="checkbox" className="check" {...rest} />
      <span>{label}</span>
    </label>
  );
}

export function Radio({ label, className, ...rest }: Choice) {
  return (
    <label className={cx('inline-flex cursor-pointer items-start gap-2', className)}>
      <input type="radio" className="check" {...rest} />
      <span>{label}</span>
    </label>
  );
}

/** On or off, at once. `label` is shown, or only said. */
export function Switch({ label, hidden = false, className, ...rest }: Choice & { hidden?: boolean }) {
  return (
    <label className={cx('inline-flex cursor-pointer items-center gap-2.5', className)}>
      <input type="checkbox" className="switch" {...rest} />
      <span className={hidden ? 'sr-only' : undefined}>{label}</span>
    </label>
  );
}

/** The mark at the start of a field that searches. The element around both is `relative`. */
export const SearchMark = () => (
  <Search
    size={16}
    strokeWidth={1.75}
    aria-hidden="true"
    className="pointer-events-none absolute start-2.5 top-[calc(50%-8px)] text-faint"
  />
);
