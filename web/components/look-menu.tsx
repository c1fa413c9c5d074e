// Language and theme, before somebody is known.
import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Language, languageOptions, setLanguage } from '../kit/language.ts';
import { setTheme, themes, useTheme } from '../kit/theme.ts';
import { IconButton } from './button.tsx';
import { Menu, MenuChoice, MenuRule } from './menu.tsx';

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
