// One team: its members and its rules, changed together and saved at the end.
import type { Team } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { EllipsisVertical, Pencil, Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook, IconButton } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { allPeopleQuery } from '../../data/people.ts';
import { deleteTeam, updateTeam } from '../../data/teams.ts';
import { useAction } from '../../kit/use-action.ts';
import {
  bothChangedMembers,
  changesOf,
  type Draft,
  draftWith,
  nothingTyped,
  typeOver,
  withBothMembers,
  withMember,
  wrongIn,
} from './draft.ts';
import { HoursCard } from './hours-card.tsx';
import { MembersTable } from './members-table.tsx';
import { NameDialog } from './name-dialog.tsx';
import { AccountsCard, OfflineCard, RulesCard } from './rule-cards.tsx';
import { WaitingBanner } from './waiting-banner.tsx';

export function TeamPart({ team, onGone }: { team: Team; onGone: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(nothingTyped);
  const [asked, setAsked] = useState<'rename' | 'delete'>();
  const draft = draftWith(team, typed);
  const change = (part: Partial<Draft>) => setTyped(typeOver(team, typed, part));
  const wrong = wrongIn(draft);
  const body = changesOf(team, typed);
  const isMixed = bothChangedMembers(team, typed);
  const save = useAction({ ...updateTeam, done: t('teams.saved'), onDone: () => setTyped(nothingTyped) });
  const remove = useAction({ ...deleteTeam, done: t('teams.deleted', { name: team.name }), onDone: onGone });
  const people = useQuery(allPeopleQuery).data?.rows ?? [];
  const others = people.filter(
    ({ id, role, disabled }) => !disabled && role !== 'viewer' && !draft.members.some(member => member.id === id),
  );
  return (
    <>
      <LeaveGuard
        when={body !== undefined && !save.isPending && !remove.isPending}
        shows={{ parameter: 'team', value: team.id }}
        name={team.name}
      />
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 text-16">
          <bdi className="cut block">{team.name}</bdi>
        </h2>
        <Menu
          label={t('teams.addMember')}
          trigger={
            <button type="button" className={buttonLook('line', 'small')}>
              <UserPlus size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
              {t('teams.addMember')}
            </button>
          }
        >
          {others.length === 0 && <p className="max-w-64 px-2 py-1.5 text-13 text-muted">{t('teams.everybodyIsIn')}</p>}
          {others.map(({ id, name }) => (
            <MenuItem key={id} onSelect={() => change({ members: withMember(draft, id, name) })}>
              <bdi>{name}</bdi>
            </MenuItem>
          ))}
        </Menu>
        <Menu
          label={t('table.actionsOf', { name: team.name })}
          trigger={
            <IconButton icon={EllipsisVertical} size="small" label={t('table.actionsOf', { name: team.name })} />
          }
        >
          <MenuItem icon={Pencil} onSelect={() => setAsked('rename')}>
            {t('teams.rename')}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => setAsked('delete')}>
            {t('teams.delete')}
          </MenuItem>
        </Menu>
      </div>
      <WaitingBanner team={team} />
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
          <MembersTable team={team} draft={draft} wrong={wrong} onChange={members => change({ members })} />
          <RulesCard hasHours={team.hours !== null} draft={draft} wrong={wrong} onChange={change} />
          <OfflineCard draft={draft} wrong={wrong} onChange={change} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
          <HoursCard team={team} />
          <AccountsCard draft={draft} onChange={change} />
        </div>
      </div>
      {body && (
        <div
          role="status"
          className="sticky bottom-18 z-(--z-sticky) mx-auto flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-raised py-2 ps-4 pe-2 text-13 shadow-float md:bottom-4"
        >
          <span>{t(isMixed ? 'teams.mixed' : wrong.size > 0 ? 'teams.wrong' : 'teams.changed')}</span>
          <Button onClick={() => setTyped(nothingTyped)}>{t('teams.discard')}</Button>
          {isMixed ? (
            <Button kind="primary" onClick={() => setTyped(withBothMembers(team, typed))}>
              {t('teams.showBoth')}
            </Button>
          ) : (
            <Button
              kind="primary"
              busy={save.isPending}
              impossible={wrong.size > 0 ? t('teams.wrong') : undefined}
              onClick={() => save.mutate({ id: team.id, ...body })}
            >
              {t('teams.save', { name: team.name })}
            </Button>
          )}
        </div>
      )}
      {asked === 'rename' && <NameDialog team={team} onClose={() => setAsked(undefined)} />}
      {asked === 'delete' && (
        <ConfirmDialog
          title={t('teams.deleteOf', { name: team.name })}
          keep={t('teams.keep')}
          confirm={t('teams.delete')}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(team.id)}
          onClose={() => setAsked(undefined)}
        >
          {t('teams.deleteWords')}
        </ConfirmDialog>
      )}
    </>
  );
}
