// Of which team a conversation is, and the menu that moves it to another one. Its assignee stays.
import type { Conversation } from '@recado/client';
import { ChevronDown, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { assign } from '../../../data/conversation-states.ts';
import { useTeams } from '../../../data/teams.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

export function TeamMenu({ conversation: { id, assignee, team } }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const act = useChange(assign);
  const teams = useTeams();
  // A program hands a conversation over itself.
  if (teams.length === 0 || assignee?.kind === 'bot') return null;
  const person = assignee?.id ?? null;
  const move = (wanted: string | null, words: string) => {
    const undo = () => void act({ id, person, team: team?.id ?? null }).catch(toastError);
    act({ id, person, team: wanted }).then(
      () => toast(words, 'success', { label: t('action.undo'), act: undo }),
      toastError,
    );
  };
  return (
    <Menu
      label={t('inbox.assign.whichTeam')}
      trigger={
        <button
          type="button"
          aria-label={team ? t('inbox.assign.ofTeam', { name: team.name }) : t('inbox.assign.noTeam')}
          className={`${buttonLook('line', 'small')} max-w-40 min-w-0 max-md:hidden`}
        >
          <Users size={16} strokeWidth={1.75} className="-ms-0.5 flex-none text-muted" aria-hidden="true" />
          <bdi className="cut leading-5">{team?.name ?? t('inbox.assign.noTeam')}</bdi>
          <ChevronDown size={14} className="flex-none text-faint" aria-hidden="true" />
        </button>
      }
    >
      {teams.map(({ id: wanted, name }) => (
        <MenuItem
          key={wanted}
          isChosen={wanted === team?.id}
          onSelect={() => move(wanted, t('inbox.assign.moved', { name }))}
        >
          <bdi>{name}</bdi>
        </MenuItem>
      ))}
      {team && (
        <>
          <MenuRule />
          <MenuItem onSelect={() => move(null, t('inbox.assign.outOfTeam'))}>{t('inbox.assign.noTeam')}</MenuItem>
        </>
      )}
    </Menu>
  );
}
