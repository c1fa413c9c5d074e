// The frame of the first run: the mark, and how far somebody is.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LookMenu } from '../../components/look-menu.tsx';
import { Logo } from '../../components/marks.tsx';
import { Steps } from '../../components/steps.tsx';

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
      <Steps steps={steps.map(name => t(`firstRun.step.${name}`))} at={step} centred />
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
