// Language and theme, before somebody is known.
import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { LanguageChoice, ThemeChoice } from './look-choices.tsx';
import { Menu, MenuRule } from './menu.tsx';

export function LookMenu() {
  const { t } = useTranslation();
  return (
    <Menu label={t('nav.look')} trigger={<IconButton icon={Languages} label={t('nav.look')} />}>
      <LanguageChoice />
      <MenuRule />
      <ThemeChoice />
    </Menu>
  );
}
