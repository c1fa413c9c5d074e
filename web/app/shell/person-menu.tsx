// The person: language, workspaces, log out.
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight, LogOut, UserCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/marks.tsx';
import { Menu, MenuChoice, MenuItem, MenuRule } from '../../components/menu.tsx';
import { useMe } from '../../data/me.ts';
import { type Language, languageOptions, setLanguage } from '../../kit/language.ts';
import { navLook, navWord } from './nav-look.ts';

export function PersonMenu({ folded, onLogOut }: { folded: boolean; onLogOut: () => void }) {
  const { t, i18n } = useTranslation();
  const { person } = useMe();
  const navigate = useNavigate();
  const name = person?.name ?? '';
  return (
    <Menu
      label={t('nav.person')}
      trigger={
        <button type="button" className={navLook(folded)} title={name}>
          <Avatar name={name} size="small" />
          <span className={navWord(folded)}>
            <bdi className="cut block max-w-32">{name}</bdi>
          </span>
          <span className="sr-only">{t('nav.personMenu')}</span>
        </button>
      }
    >
      <MenuItem icon={UserCog} onSelect={() => void navigate({ to: '/settings/you' })}>
        {t('you.title')}
      </MenuItem>
      <MenuItem icon={ArrowLeftRight} onSelect={() => void navigate({ to: '/workspaces' })}>
        {t('nav.workspaces')}
      </MenuItem>
      <MenuRule />
      <MenuChoice
        label={t('nav.language')}
        value={i18n.language as Language}
        options={languageOptions}
        onChange={language => void setLanguage(language)}
      />
      <MenuRule />
      <MenuItem icon={LogOut} onSelect={onLogOut}>
        {t('nav.logOut')}
      </MenuItem>
    </Menu>
  );
}
