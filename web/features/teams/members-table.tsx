// The members of a team: whether they are here, what they have, and how much they may have.
import type { Team } from '@recado/client';
import { UserMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Input } from '../../components/field.tsx';
import { Face, Here } from '../../components/here.tsx';
import { MenuItem } from '../../components/menu.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { Table } from '../../components/surfaces.tsx';
import { cx } from '../../kit/class-names.ts';
import { useFormat } from '../../kit/format.ts';
import type { Draft, DraftMember } from './draft.ts';

interface Props {
  team: Team;
  draft: Draft;
  wrong: ReadonlySet<string>;
  onChange: (members: DraftMember[]) => void;
}

export function MembersTable({ team, draft: { members }, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const known = new Map(team.members.map(member => [member.person_id, member]));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Table label={t('teams.members')}>
        <thead>
          <tr>
            <th scope="col">{t('teams.member')}</th>
            <th scope="col">{t('teams.state')}</th>
            <th scope="col">{t('teams.openNow')}</th>
            <th scope="col" className="end">
              {t('teams.capacity')}
            </th>
            <th scope="col" className="end">
              {t('teams.lastGiven')}
            </th>
            <th scope="col">
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.length === 0 && (
            <tr>
              <td colSpan={6} className="text-muted">
                {t('teams.nobody')}
              </td>
            </tr>
          )}
          {members.map(({ id, name, capacity }) => {
            const member = known.get(id);
            const status = member?.status ?? 'away';
            return (
              <tr key={id}>
                <td className="wide">
                  <span className="flex min-w-0 items-center gap-2">
                    <Face name={name} status={member?.status} isNamed />
                    <bdi className="cut font-medium">{name}</bdi>
                  </span>
                </td>
                <td className="small-hidden">
                  <span className="inline-flex items-center gap-1.5">
                    <Here status={status} />
                    {t(`here.${status}`)}
                  </span>
                </td>
                <td>
                  <Load open={member?.open ?? 0} capacity={member?.capacity ?? Number(capacity)} />
                </td>
                <td className="end" data-label={t('teams.capacity')}>
                  <Input
                    inputMode="numeric"
                    aria-label={t('teams.capacityOf', { name })}
                    aria-invalid={wrong.has(id) || undefined}
                    className="num w-16! h-control-s!"
                    value={capacity}
                    onChange={({ target }) =>
                      onChange(members.map(each => (each.id === id ? { ...each, capacity: target.value } : each)))
                    }
                  />
                </td>
                <td
                  className="small-hidden end text-muted"
                  title={member?.last_assigned_at ? exact(member.last_assigned_at) : undefined}
                >
                  {member?.last_assigned_at ? when(member.last_assigned_at) : t('teams.never')}
                </td>
                <td className="end">
                  <RowMenu name={name}>
                    <MenuItem icon={UserMinus} danger onSelect={() => onChange(members.filter(each => each.id !== id))}>
                      {t('teams.removeMember')}
                    </MenuItem>
                  </RowMenu>
                </td>
              </tr>
            );
          })}
        </tbody>
      </Table>
      <p className="text-13 text-muted">{t('teams.counts')}</p>
    </div>
  );
}

/** How much somebody has of what they may have; darkest when full. */
function Load({ open, capacity }: { open: number; capacity: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const share = Math.min(1, open / Math.max(1, capacity));
  return (
    <span className="grid min-w-33 grid-cols-[minmax(56px,1fr)_auto] items-center gap-2.5">
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-track">
        <span
          className={cx('block h-full rounded-full', share === 1 ? 'bg-(--stage-read)' : 'bg-accent-line')}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className="num min-w-14 text-end">{t('gauge.of', { used: number(open), limit: number(capacity) })}</span>
    </span>
  );
}
