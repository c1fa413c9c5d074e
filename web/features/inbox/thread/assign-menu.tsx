// Whose conversation it is, and the menu that gives it to somebody else. Only where several people work.
import type { Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Bot, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { assign } from '../../../data/conversation-states.ts';
import { useMe } from '../../../data/me.ts';
import { allPeopleQuery } from '../../../data/people.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

export function AssignMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const act = useChange(assign);
  const [isOpen, setOpen] = useState(false);
  useHotkeys({ assign: () => setOpen(true) });
  const me = useMe().person?.id ?? '';
  const people = useQuery(allPeopleQuery).data?.rows ?? [];
  const { id, account_id: account, assignee } = conversation;
  // Who only reads, or sees other accounts, cannot answer here.
  const able = people.filter(
    ({ disabled, role, account_ids: accounts }) =>
      !disabled && role !== 'viewer' && (accounts === null || accounts.includes(account)),
  );
  const others = able.filter(each => each.id !== me);
  const give = (person: string | null, name: string) => {
    const before = assignee?.kind === 'person' ? assignee.id : null;
    const undo = () => void act({ id, person: before }).catch(toastError);
    // A program takes a conversation back itself.
    const action = assignee?.kind === 'bot' ? undefined : { label: t('action.undo'), act: undo };
    act({ id, person }).then(
      () => toast(person === null ? t('inbox.assign.freed') : t('inbox.assign.given', { name }), 'success', action),
      toastError,
    );
  };
  const label =
    assignee === null ? t('inbox.assign.nobody') : assignee.id === me ? t('inbox.assign.you') : assignee.name;
  return (
    <Menu
      label={t('inbox.assign.title')}
      isOpen={isOpen}
      onOpen={setOpen}
      trigger={
        <button
          type="button"
          aria-label={t('inbox.assign.assignedTo', { name: label })}
          className={`${buttonLook('line', 'small')} max-w-40 min-w-0`}
        >
          {assignee?.kind === 'person' ? (
            <Avatar name={assignee.name} size="small" />
          ) : (
            <AssigneeIcon isBot={assignee !== null} />
          )}
          <bdi className="cut">{label}</bdi>
        </button>
      }
    >
      {able.length > others.length && (
        <MenuItem onSelect={() => give(me, t('inbox.assign.you'))}>{t('inbox.assign.you')}</MenuItem>
      )}
      {others.map(({ id: person, name }) => (
        <MenuItem key={person} onSelect={() => give(person, name)}>
          <bdi>{name}</bdi>
        </MenuItem>
      ))}
      {assignee !== null && (
        <>
          <MenuRule />
          <MenuItem onSelect={() => give(null, '')}>{t('inbox.assign.nobody')}</MenuItem>
        </>
      )}
    </Menu>
  );
}

function AssigneeIcon({ isBot }: { isBot: boolean }) {
  const Icon = isBot ? Bot : UserRound;
  return <Icon size={16} strokeWidth={1.75} className="-ms-0.5 flex-none text-muted" aria-hidden="true" />;
}
