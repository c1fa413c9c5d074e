// Settings, people: who is here, what they may do, and who is invited.

import type { Person } from '@recado/client';
import type { Role } from '@recado/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Ban,
  KeyRound,
  type LucideIcon,
  MonitorSmartphone,
  RotateCcw,
  ShieldAlert,
  ShieldCheck,
  Smartphone,
  UserMinus,
  UserPlus,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Select } from '../../../components/field.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Avatar, Pill } from '../../../components/marks.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { useMay, useMe } from '../../../data/me.ts';
import { createResetLink, peopleQuery, updatePerson } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { AccessDialog } from './access-dialog.tsx';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { grantable } from './roles.ts';
import { RolesTable } from './roles-table.tsx';

type Shown =
  | { what: 'invite' }
  | { what: 'remove' | 'access'; person: Person }
  | { what: 'link'; name: string; link: string };

export function PeoplePage() {
  const { t } = useTranslation();
  const mayManage = useMay('people.manage');
  const [shown, setShown] = useState<Shown>();
  const close = () => setShown(undefined);
  const people = useInfiniteQuery(peopleQuery);
  const example = {
    method: 'GET',
    path: '/api/v1/people',
    sdk: "for await (const person of recado.people.list())\n  console.log(person.name, person.role);\n\nawait recado.invitations.create({ email: 'bea@example.com', role: 'agent' });",
    personOnly: true,
  };
  const invite = mayManage && (
    <Button kind="primary" icon={UserPlus} onClick={() => setShown({ what: 'invite' })}>
      {t('people.invite')}
    </Button>
  );
  return (
    <ListPage
      title={t('settings.title')}
      example={example}
      buttons={invite}
      tabs={count => <SettingsTabs count={count} />}
      list={people}
      label={t('people.title')}
      failed={t('people.failed')}
      skeletonRows={5}
      columns={useColumns()}
      isOff={({ disabled }) => disabled}
      actions={mayManage ? person => <PersonMenu person={person} onShow={setShown} /> : undefined}
    >
      <RolesTable />
      {mayManage && <Invitations />}
      {shown?.what === 'invite' && <InviteDialog onClose={close} />}
      {shown?.what === 'remove' && <RemoveDialog person={shown.person} onClose={close} />}
      {shown?.what === 'access' && <AccessDialog person={shown.person} onClose={close} />}
      {shown?.what === 'link' && (
        <LinkDialog title={t('people.resetLinkOf', { name: shown.name })} link={shown.link} onClose={close}>
          {t('people.resetLinkWords')}
        </LinkDialog>
      )}
    </ListPage>
  );
}

/** Nobody manages themselves, and only owners manage owners. */
function useManaged(): (person: Person) => boolean {
  const me = useMe();
  const mayManage = useMay('people.manage');
  return ({ id, role }) => mayManage && me.person?.id !== id && (role !== 'owner' || me.role === 'owner');
}

function useColumns() {
  const { t } = useTranslation();
  const { day, exact } = useFormat();
  const isManaged = useManaged();
  return [
    { head: t('people.person'), look: 'wide', cell: (person: Person) => <NameCell person={person} /> },
    {
      head: t('people.role'),
      look: 'md:min-w-38',
      cell: (person: Person) => (isManaged(person) ? <RoleSelect person={person} /> : t(`role.${person.role}`)),
    },
    {
      head: t('people.accounts'),
      look: 'small-hidden md:min-w-44 text-muted',
      cell: ({ account_ids, conversations, sees_numbers }: Person) => (
        <span className="grid">
          <AccountNames ids={account_ids} />
          {conversations !== 'all' && <span className="text-12">{t(`people.conversations.${conversations}`)}</span>}
          {!sees_numbers && <span className="text-12">{t('people.numbers.masked')}</span>}
        </span>
      ),
    },
    {
      head: t('people.secondFactor'),
      look: 'small-hidden md:min-w-36',
      cell: ({ second_factor }: Person) =>
        second_factor ? (
          <Factor icon={ShieldCheck} look="text-success" word={t('people.on')} />
        ) : (
          <Factor icon={ShieldAlert} look="text-warning" word={t('people.off')} />
        ),
    },
    {
      head: t('people.joined'),
      end: true,
      look: 'small-hidden md:min-w-28 text-muted',
      title: ({ created_at }: Person) => exact(created_at),
      cell: ({ created_at }: Person) => day(created_at),
    },
  ];
}

function NameCell({ person }: { person: Person }) {
  const { t } = useTranslation();
  const isMe = useMe().person?.id === person.id;
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={person.name} />
      <span className="grid min-w-0">
        <span className="flex min-w-0 items-center gap-2">
          <bdi className="cut font-medium">{person.name}</bdi>
          {isMe && <Pill>{t('people.you')}</Pill>}
          {person.disabled && <Pill>{t('people.disabled')}</Pill>}
        </span>
        <bdi className="cut text-12 text-muted">{person.email}</bdi>
      </span>
    </span>
  );
}

const Factor = ({ icon: Icon, look, word }: { icon: LucideIcon; look: string; word: string }) => (
  <span className={`inline-flex items-center gap-2 align-middle ${look === 'text-warning' ? look : ''}`}>
    <Icon size={16} strokeWidth={1.75} className={look} aria-hidden="true" />
    {word}
  </span>
);

function RoleSelect({ person }: { person: Person }) {
  const { t } = useTranslation();
  const me = useMe();
  const change = useAction({
    ...updatePerson,
    done: ({ name, role }: Person) => t('people.roleChanged', { name, role: t(`role.${role}`) }),
  });
  // Owners and admins always see all accounts, conversations and numbers.
  const whole = { account_ids: null, conversations: 'all', sees_numbers: true } as const;
  const choose = (role: Role) =>
    change.mutate({ id: person.id, role, ...(role !== 'agent' && role !== 'viewer' && whole) });
  return (
    <Select
      aria-label={t('people.roleOf', { name: person.name })}
      className="w-26! h-control-s! text-13"
      value={(change.isPending ? change.variables.role : undefined) ?? person.role}
      onChange={event => choose(event.target.value as Role)}
    >
      {grantable(me.role).map(role => (
        <option key={role} value={role}>
          {t(`role.${role}`)}
        </option>
      ))}
    </Select>
  );
}

function PersonMenu({ person, onShow }: { person: Person; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isManaged = useManaged()(person);
  const disable = useAction({
    ...updatePerson,
    done: t(person.disabled ? 'people.enabledDone' : 'people.disabledDone', { name: person.name }),
  });
  const reset = useAction({
    act: createResetLink,
    onDone: ({ link }) => link !== null && onShow({ what: 'link', name: person.name, link }),
    done: ({ mailed }) => t(mailed ? 'people.resetMailed' : 'people.resetMade', { name: person.name }),
  });
  if (!isManaged) return null;
  return (
    <RowMenu name={person.name}>
      {(person.role === 'agent' || person.role === 'viewer') && (
        <MenuItem icon={Smartphone} onSelect={() => onShow({ what: 'access', person })}>
          {t('people.changeAccess')}
        </MenuItem>
      )}
      <MenuItem
        icon={MonitorSmartphone}
        onSelect={() => void navigate({ to: '/settings/sessions', search: { person: person.id } })}
      >
        {t('people.sessions')}
      </MenuItem>
      <MenuItem icon={KeyRound} onSelect={() => reset.mutate(person.id)}>
        {t('people.resetLink')}
      </MenuItem>
      <MenuItem
        icon={person.disabled ? RotateCcw : Ban}
        onSelect={() => disable.mutate({ id: person.id, disabled: !person.disabled })}
      >
        {t(person.disabled ? 'people.enable' : 'people.disable')}
      </MenuItem>
      <MenuRule />
      <MenuItem icon={UserMinus} danger onSelect={() => onShow({ what: 'remove', person })}>
        {t('people.remove')}
      </MenuItem>
    </RowMenu>
  );
}
