// Settings, teams: who is in them, how much each has, and how conversations are given out.
import type { Team } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, LinkButton } from '../../components/button.tsx';
import { Face } from '../../components/here.tsx';
import { Page } from '../../components/page.tsx';
import { Answer, Empty, SkeletonRows } from '../../components/states.tsx';
import { Card, Table } from '../../components/surfaces.tsx';
import { teamsQuery } from '../../data/teams.ts';
import { useFormat } from '../../kit/format.ts';
import { useNow } from '../../kit/use-now.ts';
import { SettingsTabs } from '../settings-tabs.tsx';
import { NameDialog } from './name-dialog.tsx';
import { TeamPart } from './team-part.tsx';
import { useHourWords } from './use-hour-words.ts';

export function TeamsPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const navigate = useNavigate();
  const { team: wanted } = useSearch({ from: '/inside/settings/teams' });
  const [isNaming, setNaming] = useState(false);
  const query = useQuery(teamsQuery);
  const show = (team: string | undefined) => void navigate({ to: '/settings/teams', search: { team } });
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setNaming(true)}>
      {t('teams.new')}
    </Button>
  );
  return (
    <Page
      title={t('settings.title')}
      example={{
        method: 'POST',
        path: '/api/v1/teams',
        body: { name: 'Lisbon', mode: 'balanced' },
        sdk: "const team = await recado.teams.create({ name: 'Lisbon', mode: 'balanced' });\nawait recado.conversations.assign(conversation.id, { team_id: team.id });",
      }}
      actions={add}
    >
      <SettingsTabs count={query.data && number(query.data.length)} />
      <Answer query={query} failed={t('teams.failed')} skeleton={<SkeletonRows rows={3} />}>
        {teams => {
          const shown = teams.find(({ id }) => id === wanted) ?? teams[0];
          if (!shown)
            return (
              <Card>
                <Empty icon={Users} title={t('teams.none')} action={add}>
                  {t('teams.noneWords')}
                </Empty>
              </Card>
            );
          return (
            <>
              <TeamTable teams={teams} shown={shown.id} onShow={show} />
              <TeamPart key={shown.id} team={shown} onGone={() => show(undefined)} />
            </>
          );
        }}
      </Answer>
      {isNaming && <NameDialog onClose={() => setNaming(false)} onMade={({ id }) => show(id)} />}
    </Page>
  );
}

interface TableProps {
  teams: readonly Team[];
  shown: string;
  onShow: (id: string) => void;
}

function TeamTable({ teams, shown, onShow }: TableProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const words = useHourWords();
  const now = useNow(60_000);
  return (
    <Table label={t('teams.title')}>
      <thead>
        <tr>
          <th scope="col">{t('teams.team')}</th>
          <th scope="col">{t('teams.members')}</th>
          <th scope="col">{t('teams.givenOut')}</th>
          <th scope="col" className="end">
            {t('teams.open')}
          </th>
          <th scope="col" className="end">
            {t('teams.waiting')}
          </th>
          <th scope="col" className="end">
            {t('teams.hours.title')}
          </th>
        </tr>
      </thead>
      <tbody>
        {teams.map(({ id, name, members, mode, open, unassigned, nobody_online, hours }) => (
          <tr key={id} aria-selected={id === shown}>
            <td className="wide">
              <LinkButton aria-current={id === shown || undefined} onClick={() => onShow(id)}>
                <bdi>{name}</bdi>
              </LinkButton>
            </td>
            <td>
              <span className="flex gap-1.5">
                {members.slice(0, mostFaces).map(member => (
                  <Face key={member.person_id} name={member.name} status={member.status} />
                ))}
                {members.length > mostFaces && (
                  <span className="num text-muted">+{number(members.length - mostFaces)}</span>
                )}
              </span>
            </td>
            <td className="text-muted">{t(`teams.mode.${mode}`)}</td>
            <td className="end num" data-label={t('teams.open')}>
              {number(open)}
            </td>
            <td className="end num" data-label={t('teams.waiting')}>
              {nobody_online || (mode !== 'manual' && unassigned > 0) ? (
                <span className="font-medium text-warning">
                  {t(nobody_online ? 'teams.nobodyOnline' : 'teams.forRoom', {
                    ...{ count: unassigned, shown: number(unassigned) },
                  })}
                </span>
              ) : (
                number(unassigned)
              )}
            </td>
            <td className="end text-muted" data-label={hours ? t('teams.hours.title') : undefined}>
              {hours && words.state(hours, now)}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const mostFaces = 6;
