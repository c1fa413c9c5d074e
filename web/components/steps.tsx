// The steps of one story: done, the current one, and those that come.
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';

interface Props {
  /** Their names, in order. */
  steps: readonly string[];
  /** The current one, from 1 on. After the last: all are done. */
  at: number;
  /** On a page with nothing beside them; a phone shows the word of the current one only. */
  centred?: boolean;
}

export function Steps({ steps, at, centred = false }: Props) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('steps.label')}>
      <ol
        className={cx(
          'flex',
          centred ? 'justify-center gap-1 px-4 pb-6 md:gap-8 md:pb-10' : 'flex-wrap gap-x-3 gap-y-2 md:gap-x-6',
        )}
      >
        {steps.map((name, index) => {
          const isDone = index + 1 < at;
          const isNow = index + 1 === at;
          return (
            <li
              key={name}
              aria-current={isNow ? 'step' : undefined}
              className={cx('flex items-center gap-2', centred && 'p-1.5', isNow ? 'font-medium' : 'text-muted')}
            >
              <span
                className={cx(
                  'grid size-5.5 flex-none place-items-center rounded-full text-12 font-strong',
                  isDone && 'bg-accent-soft text-accent-text',
                  isNow && 'bg-accent text-on-solid',
                  !isDone && !isNow && 'border-[1.5px] border-line',
                )}
              >
                {isDone ? <Check size={13} strokeWidth={2.5} aria-hidden="true" /> : index + 1}
              </span>
              <span className={centred && !isNow ? 'max-md:sr-only' : undefined}>
                {name}
                {isDone && <span className="sr-only"> ({t('steps.done')})</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
