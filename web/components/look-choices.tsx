// The choices of language and theme, for menus.
import { useTranslation } from 'react-i18next';
import { type Language, languageOptions, setLanguage } from '../kit/language.ts';
import { setTheme, themes, useTheme } from '../kit/theme.ts';
import { MenuChoice } from './menu.tsx';

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <MenuChoice
      label={t('nav.language')}
      value={i18n.language as Language}
      options={languageOptions}
      onChange={language => void setLanguage(language)}
    />
  );
}

export function ThemeChoice() {
  const { t } = useTranslation();
  const theme = useTheme();
  return (
    <MenuChoice
      label={t('nav.theme')}
      value={theme}
      options={themes.map(value => ({ value, label: t(`theme.${value}`) }))}
      onChange={setTheme}
    />
  );
}
