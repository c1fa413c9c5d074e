import { SunMoon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Menu, MenuChoice } from '../../components/menu.tsx';
import { setTheme, themes, useTheme } from '../../kit/theme.ts';
import { navLook, navWord } from './nav-look.ts';

export function ThemeMenu({ folded }: { folded: boolean }) {
  const { t } = useTranslation();
  const theme = useTheme();
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
      <MenuChoice
        label={t('nav.theme')}
        value={theme}
        options={themes.map(value => ({ value, label: t(`theme.${value}`) }))}
        onChange={setTheme}
      />
    </Menu>
  );
}
