// Settings, people: who is here, what they may do, and who is invited.

import type { Person } from '@recado/client';
import type { Role } from '@recado/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import {
  Ban,
  KeyRound,
  type LucideIcon,
  MoreHorizontal,
  RotateCcw,
  ShieldAlert,
  ShieldCheck,
  Smartphone,
  UserMinus,
  UserPlus,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Select } from '../../../components/field.tsx';
import { Avatar, Pill } from '../../../components/marks.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, SkeletonRows } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { useMay, useMe } from '../../../data/me.ts';
import { createResetLink, peopleQuery, updatePerson } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { AccountsDialog } from './accounts-dialog.tsx';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { grantable } from './roles.ts';
import { RolesTable } from './roles-table.tsx';

type Shown =
  | { what: 'invite' }
  | { what: 'remove' | 'accounts'; person: Person }
  | { what: 'link'; name: string; link: string };

export function PeoplePage() {
  const { t } = useTranslation();
  const { number } = useFormat();
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
  const rows = people.data;
  return (
    <Page title={t('settings.title')} example={example} actions={invite}>
      <SettingsTabs count={rows && number(rows.total ?? rows.rows.length)} />
      <Answer query={people} failed={t('people.failed')} skeleton={<SkeletonRows />}>
        {({ rows: all }) => <PeopleTable people={all} onShow={setShown} />}
      </Answer>
      <RolesTable />
      {mayManage && <Invitations />}
      {shown?.what === 'invite' && <InviteDialog onClose={close} />}
      {shown?.what === 'remove' && <RemoveDialog person={shown.person} onClose={close} />}
      {shown?.what === 'accounts' && <AccountsDialog person={shown.person} onClose={close} />}
      {shown?.what === 'link' && (
        <LinkDialog title={t('people.resetLinkOf', { name: shown.name })} link={shown.link} onClose={close}>
          {t('people.resetLinkWords')}
        </LinkDialog>
      )}
    </Page>
  );
}

function PeopleTable({ people, onShow }: { people: Person[]; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const mayManage = useMay('people.manage');
  return (
    <Table label={t('people.title')}>
      <thead>
        <tr>
          <th scope="col">{t('people.person')}</th>
          <th scope="col">{t('people.role')}</th>
          <th scope="col">{t('people.accounts')}</th>
          <th scope="col">{t('people.secondFactor')}</th>
          <th scope="col" className="end">
            {t('people.joined')}
          </th>
          {mayManage && (
            <th scope="col">
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {people.map(person => (
          <PersonRow key={person.id} person={person} onShow={onShow} />
        ))}
      </tbody>
    </Table>
  );
}

function PersonRow({ person, onShow }: { person: Person; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const { day, exact } = useFormat();
  const me = useMe();
  const mayManage = useMay('people.manage');
  const isMe = me.person?.id === person.id;
  const isManaged = mayManage && !isMe && (person.role !== 'owner' || me.role === 'owner');
  return (
    <tr className={person.disabled ? 'is-off' : undefined}>
      <td className="wide">
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
      </td>
      <td>{isManaged ? <RoleSelect person={person} /> : t(`role.${person.role}`)}</td>
      <td className="small-hidden text-muted">
        <AccountNames ids={person.account_ids} />
      </td>
      <td className="small-hidden">
        {person.second_factor ? (
          <Factor icon={ShieldCheck} look="text-success" word={t('people.on')} />
        ) : (
          <Factor icon={ShieldAlert} look="text-warning" word={t('people.off')} />
        )}
      </td>
      <td className="end small-hidden text-muted" title={exact(person.created_at)}>
        {day(person.created_at)}
      </td>
      {mayManage && <td className="end">{isManaged && <PersonActions person={person} onShow={onShow} />}</td>}
    </tr>
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
  // Owners and admins always see all accounts.
  const choose = (role: Role) =>
    change.mutate({ id: person.id, role, ...(role !== 'agent' && role !== 'viewer' && { account_ids: null }) });
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

function PersonActions({ person, onShow }: { person: Person; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const disable = useAction({
    ...updatePerson,
    done: t(person.disabled ? 'people.enabledDone' : 'people.disabledDone', { name: person.name }),
  });
  const reset = useAction({
    act: createResetLink,
    onDone: ({ link }) => link !== null && onShow({ what: 'link', name: person.name, link }),
    done: ({ mailed }) => t(mailed ? 'people.resetMailed' : 'people.resetMade', { name: person.name }),
  });
  return (
    <Menu
      label={t('table.actionsOf', { name: person.name })}
      trigger={<IconButton icon={MoreHorizontal} size="small" label={t('table.actionsOf', { name: person.name })} />}
    >
      {(person.role === 'agent' || person.role === 'viewer') && (
        <MenuItem icon={Smartphone} onSelect={() => onShow({ what: 'accounts', person })}>
          {t('people.changeAccounts')}
        </MenuItem>
      )}
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
    </Menu>
  );
}
