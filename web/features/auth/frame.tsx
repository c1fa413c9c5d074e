// The frame of the pages before the login: mark, river, title, form.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LookMenu } from '../../components/look-menu.tsx';
import { Logo } from '../../components/marks.tsx';
import { useTitle } from '../../components/page.tsx';

export function AuthFrame({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <div className="grid min-h-dvh place-items-center px-4 py-8">
      <main id="main" className="w-full max-w-88 pb-[8vh]">
        <div className="flex items-center gap-3">
          <Logo />
          <span className="flex-1 text-16 font-strong">{t('app.name')}</span>
          <LookMenu />
        </div>
        <div className="river my-6" aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
          <i />
        </div>
        <h1>{title}</h1>
        {intro && <p className="mt-1 text-muted">{intro}</p>}
        {children}
      </main>
    </div>
  );
}
