// A dialog: its title is the question, its buttons say what happens.
import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { useReturnFocus } from '../kit/return-focus.ts';
import { buttonLook } from './button.tsx';
import { Scrim } from './scrim.tsx';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}

export function Dialog({ open, onClose, title, children, footer, wide = false }: Props) {
  const { t } = useTranslation();
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={next => !next && onClose()}>
      <Radix.Portal>
        {/* Radix's own overlay writes a style element, which the policy of the page rejects. */}
        <Scrim className="grid grid-cols-[minmax(0,1fr)] place-items-center overflow-y-auto">
          <Radix.Content
            {...returnFocus}
            data-rise
            aria-describedby={undefined}
            // The first Escape closes the open list of a field.
            onEscapeKeyDown={event => {
              if (document.activeElement?.getAttribute('aria-expanded') === 'true') event.preventDefault();
            }}
            className={cx(
              'w-full rounded-[12px] bg-raised shadow-float outline-none',
              wide ? 'max-w-160' : 'max-w-120',
            )}
          >
            <header className="flex items-start gap-3 px-6 pt-5">
              <Radix.Title className="flex-1 text-16/6 font-strong">{title}</Radix.Title>
              {/* No tooltip: it would take the first Escape. */}
              <button
                type="button"
                aria-label={t('action.close')}
                onClick={onClose}
                className={cx(buttonLook('quiet', 'small'), 'w-control-s px-0! text-muted hover:text-text')}
              >
                <X size={17} strokeWidth={1.75} aria-hidden="true" />
              </button>
            </header>
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4 px-6 pt-2 pb-5 text-muted [&_label]:text-text">
              {children}
            </div>
            {footer && (
              <footer className="flex flex-wrap justify-end gap-2 border-t border-border px-6 py-3">{footer}</footer>
            )}
          </Radix.Content>
        </Scrim>
      </Radix.Portal>
    </Radix.Root>
  );
}
