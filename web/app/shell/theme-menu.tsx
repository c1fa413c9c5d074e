import { SunMoon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ThemeChoice } from '../../components/look-choices.tsx';
import { Menu } from '../../components/menu.tsx';
import { navLook, navWord } from './nav-look.ts';

export function ThemeMenu({ folded }: { folded: boolean }) {
  const { t } = useTranslation();
  return (
    <Menu
      label={t('nav.theme')}
      trigger={
        <button type="button" className={navLook(folded)} title={t('nav.theme')}>
          <SunMoon size={18} strokeWidth={1.6} aria-hidden="true" />
          <span className={navWord(folded)}>{t('nav.theme')}</span>
        </button>
      }
    >
      <ThemeChoice />
    </Menu>
  );
}
