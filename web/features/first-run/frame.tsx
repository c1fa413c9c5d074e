// The frame of the first run: the mark, and how far somebody is.
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LookMenu } from '../../components/look-menu.tsx';
import { Logo } from '../../components/marks.tsx';
import { cx } from '../../kit/class-names.ts';

const steps = ['owner', 'account', 'message', 'program'] as const;

interface Props {
  /** From 1 to 4. */
  step: number;
  /** At the end of the head. */
  action?: ReactNode;
  children: ReactNode;
}

export function FirstRunFrame({ step, action, children }: Props) {
  const { t } = useTranslation();
  return (
    <div className="min-h-dvh">
      <header className="flex items-center gap-3 px-4 py-3 md:px-8 md:py-4">
        <Logo />
        <span className="flex-1 text-16 font-strong">{t('app.name')}</span>
        {action}
        <LookMenu />
      </header>
      <nav aria-label={t('firstRun.steps')}>
        <ol className="flex justify-center gap-1 px-4 pb-6 md:gap-8 md:pb-10">
          {steps.map((name, index) => {
            const isDone = index + 1 < step;
            const isNow = index + 1 === step;
            return (
              <li
                key={name}
                aria-current={isNow ? 'step' : undefined}
                className={cx('flex items-center gap-2 p-1.5', isNow ? 'font-medium' : 'text-muted')}
              >
                <span
                  className={cx(
                    'grid size-5.5 place-items-center rounded-full text-12 font-strong',
                    isDone && 'bg-accent-soft text-accent-text',
                    isNow && 'bg-accent text-on-solid',
                    !isDone && !isNow && 'border-[1.5px] border-line',
                  )}
                >
                  {isDone ? <Check size={13} strokeWidth={2.5} aria-hidden="true" /> : index + 1}
                </span>
                <span className={isNow ? undefined : 'max-md:sr-only'}>
                  {t(`firstRun.step.${name}`)}
                  {isDone && <span className="sr-only"> ({t('firstRun.done')})</span>}
                </span>
              </li>
            );
          })}
        </ol>
      </nav>
      {children}
    </div>
  );
}

/** The narrow column of a step with one question. */
export const Narrow = ({ children }: { children: ReactNode }) => (
  <main id="main" className="mx-auto grid w-full max-w-168 gap-4 px-4 pb-12">
    {children}
  </main>
);
