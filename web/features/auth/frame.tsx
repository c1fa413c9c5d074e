// The frame of the pages before the login: mark, river, title, form.
import { Languages } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/button.tsx';
import { Logo } from '../../components/marks.tsx';
import { Menu, MenuChoice, MenuRule } from '../../components/menu.tsx';
import { useTitle } from '../../components/page.tsx';
import { type Language, languageOptions, setLanguage } from '../../kit/language.ts';
import { setTheme, themes, useTheme } from '../../kit/theme.ts';

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

/** Language and theme, before somebody is known. */
export function LookMenu() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <Menu label={t('nav.look')} trigger={<IconButton icon={Languages} label={t('nav.look')} />}>
      <MenuChoice
        label={t('nav.language')}
        value={i18n.language as Language}
        options={languageOptions}
        onChange={language => void setLanguage(language)}
      />
      <MenuRule />
      <MenuChoice
        label={t('nav.theme')}
        value={theme}
        options={themes.map(value => ({ value, label: t(`theme.${value}`) }))}
        onChange={setTheme}
      />
    </Menu>
  );
}
