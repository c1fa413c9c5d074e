// Whose conversation it is, and the menu that gives it to somebody else. Only where several people work.
import type { Availability, Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Bot, UserRound, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Face, Here } from '../../../components/here.tsx';
import { Menu, MenuItem, MenuLabel, MenuRule } from '../../../components/menu.tsx';
import { assign } from '../../../data/conversation-states.ts';
import { useMe } from '../../../data/me.ts';
import { allPeopleQuery } from '../../../data/people.ts';
import { useAvailability, useTeams } from '../../../data/teams.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

export function AssignMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const act = useChange(assign);
  const [isOpen, setOpen] = useState(false);
  const me = useMe().person?.id ?? '';
  const people = useQuery(allPeopleQuery).data?.rows ?? [];
  const teams = useTeams();
  const availability = useAvailability();
  const statusOf = (person: string) => availability.find(({ person_id }) => person_id === person)?.status;
  const { id, account_id: account, assignee, team } = conversation;
  // Who only reads, or sees other accounts, cannot answer here.
  const able = people.filter(
    ({ disabled, role, account_ids: accounts }) =>
      !disabled && role !== 'viewer' && (accounts === null || accounts.includes(account)),
  );
  const others = able.filter(each => each.id !== me);
  const give = (person: string | null, name: string, toTeam?: string) => {
    const before = assignee?.kind === 'person' ? assignee.id : null;
    const undo = () =>
      void act({ id, person: before, ...(toTeam !== undefined && { team: team?.id ?? null }) }).catch(toastError);
    // A program takes a conversation back itself.
    const action = assignee?.kind === 'bot' ? undefined : { label: t('action.undo'), act: undo };
    act({ id, person, team: toTeam }).then(
      () => toast(name === '' ? t('inbox.assign.freed') : t('inbox.assign.given', { name }), 'success', action),
      toastError,
    );
  };
  useHotkeys({ assign: () => setOpen(true) });
  const toMe = able.length > others.length ? () => give(me, t('inbox.assign.you')) : undefined;
  // The menu is open by then, and takes other letters as the beginning of a name.
  const pressM = useRef(toMe);
  pressM.current = toMe;
  useEffect(() => {
    if (!isOpen) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'm' || event.ctrlKey || event.metaKey || event.altKey || !pressM.current) return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      pressM.current();
    };
    addEventListener('keydown', listen, true);
    return () => removeEventListener('keydown', listen, true);
  }, [isOpen]);
  const label =
    assignee === null ? t('inbox.assign.nobody') : assignee.id === me ? t('inbox.assign.you') : assignee.name;
  return (
    <Menu
      label={t('inbox.assign.title')}
      isOpen={isOpen}
      onOpen={setOpen}
      trigger={
        <button type="button" className={`${buttonLook('line', 'small')} max-w-40 min-w-0`}>
          <span aria-hidden="true" className="flex">
            {assignee?.kind === 'person' ? (
              <Face name={assignee.name} status={statusOf(assignee.id)} isNamed />
            ) : (
              <AssigneeIcon isBot={assignee !== null} />
            )}
          </span>
          <bdi aria-hidden="true" className="cut leading-5">
            {label}
          </bdi>
          <span className="sr-only">{t('inbox.assign.assignedTo', { name: label })}</span>
        </button>
      }
    >
      {toMe && (
        <MenuItem mark={<StatusMark status={statusOf(me)} />} end="m" onSelect={toMe}>
          {t('inbox.assign.you')}
        </MenuItem>
      )}
      {others.map(({ id: person, name }) => (
        <MenuItem key={person} mark={<StatusMark status={statusOf(person)} />} onSelect={() => give(person, name)}>
          <bdi>{name}</bdi>
        </MenuItem>
      ))}
      {teams.length > 0 && (
        <>
          <MenuRule />
          <MenuLabel>{t('inbox.assign.team')}</MenuLabel>
          {teams.map(each => (
            <MenuItem key={each.id} icon={Users} onSelect={() => give(null, each.name, each.id)}>
              <bdi>{each.name}</bdi>
            </MenuItem>
          ))}
        </>
      )}
      {assignee !== null && (
        <>
          <MenuRule />
          <MenuItem onSelect={() => give(null, '')}>{t('inbox.assign.nobody')}</MenuItem>
        </>
      )}
    </Menu>
  );
}

const StatusMark = ({ status }: { status: Availability['status'] | undefined }) =>
  status ? <Here status={status} /> : null;

function AssigneeIcon({ isBot }: { isBot: boolean }) {
  const Icon = isBot ? Bot : UserRound;
  return <Icon size={16} strokeWidth={1.75} className="-ms-0.5 flex-none text-muted" aria-hidden="true" />;
}
