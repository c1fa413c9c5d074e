// The person: language, workspaces, log out.
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight, LogOut, Sparkles, Trash2, UserCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Face } from '../../components/here.tsx';
import { LanguageChoice } from '../../components/look-choices.tsx';
import { Menu, MenuItem, MenuRule } from '../../components/menu.tsx';
import { useMe } from '../../data/me.ts';
import { useMyAvailability } from '../../data/teams.ts';
import { useDemo } from '../../features/demo/pages.ts';
import { navLook, navWord } from './nav-look.ts';

interface Props {
  folded: boolean;
  onLogOut: () => void;
  onRemoveDemo: () => void;
}

export function PersonMenu({ folded, onLogOut, onRemoveDemo }: Props) {
  const { t } = useTranslation();
  const { person } = useMe();
  const navigate = useNavigate();
  const demo = useDemo();
  const name = person?.name ?? '';
  const status = useMyAvailability()?.status;
  return (
    <Menu
      label={t('nav.person')}
      trigger={
        <button type="button" className={navLook(folded)} title={name}>
          <Face name={name} status={status} isNamed />
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
      {demo.canFill && (
        <MenuItem icon={Sparkles} onSelect={demo.fill}>
          {t('firstRun.demo.fill')}
        </MenuItem>
      )}
      {demo.canRemove && (
        <MenuItem icon={Trash2} onSelect={onRemoveDemo}>
          {t('firstRun.demo.remove')}
        </MenuItem>
      )}
      <MenuRule />
      <LanguageChoice />
      <MenuRule />
      <MenuItem icon={LogOut} onSelect={onLogOut}>
        {t('nav.logOut')}
      </MenuItem>
    </Menu>
  );
}
