// Settings, sessions: who is logged in to the workspace, on which device, and the way to end it.
import type { WorkspaceSession } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Chip } from '../../components/choose.tsx';
import { Device } from '../../components/device.tsx';
import { ListPage } from '../../components/list-page.tsx';
import { Avatar } from '../../components/marks.tsx';
import { Empty } from '../../components/states.tsx';
import { useMe } from '../../data/me.ts';
import { allPeopleQuery } from '../../data/people.ts';
import { endWorkspaceSession, workspaceSessionsQuery } from '../../data/sessions.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';
import { SettingsTabs } from '../settings-tabs.tsx';

export function SessionsPage() {
  const { t } = useTranslation();
  const { person } = useSearch({ from: '/inside/settings/sessions' });
  const navigate = useNavigate();
  const me = useMe();
  const people = useQuery(allPeopleQuery).data?.rows ?? [];
  const sessions = useInfiniteQuery(workspaceSessionsQuery(person));
  // Only owners end sessions of owners. One's own is left by logging out.
  const mayEnd = ({ current, person: { id } }: WorkspaceSession) =>
    !current && (me.role === 'owner' || people.find(each => each.id === id)?.role !== 'owner');
  return (
    <ListPage
      title={t('settings.title')}
      example={{
        method: 'GET',
        path: `/api/v1/sessions${person === undefined ? '' : `?person_id=${person}`}`,
        sdk: 'for await (const session of recado.sessions.list())\n  console.log(session.person.name, session.address, session.renewed_at);',
        personOnly: true,
      }}
      tabs={count => <SettingsTabs count={count} />}
      before={
        <div className="flex flex-wrap items-center gap-3">
          <p className="max-w-[80ch] flex-1 text-muted">{t('sessions.words')}</p>
          {person !== undefined && (
            <Chip pressed removable onClick={() => void navigate({ to: '/settings/sessions', replace: true })}>
              {t('sessions.onlyOf', {
                name: people.find(({ id }) => id === person)?.name ?? sessions.data?.rows[0]?.person.name ?? person,
              })}
            </Chip>
          )}
        </div>
      }
      list={sessions}
      label={t('sessions.title')}
      failed={t('you.sessionsFailed')}
      columns={useColumns()}
      actions={session => mayEnd(session) && <End session={session} />}
      empty={<Empty icon={MonitorSmartphone} title={t('sessions.none')} />}
    />
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  return [
    {
      head: t('people.person'),
      look: 'wide small-full',
      cell: ({ person: { id, name } }: WorkspaceSession) => (
        <span className="flex min-w-0 items-center gap-3">
          <Avatar name={name} />
          <Link to="/settings/sessions" search={{ person: id }} className="cut link">
            <bdi>{name}</bdi>
          </Link>
        </span>
      ),
    },
    {
      head: t('you.device'),
      look: 'small-full',
      title: ({ user_agent }: WorkspaceSession) => user_agent ?? undefined,
      cell: (session: WorkspaceSession) => <Device session={session} />,
    },
    {
      head: t('you.address'),
      look: 'text-muted',
      cell: ({ address }: WorkspaceSession) =>
        address === null ? t('you.unknownAddress') : <bdi dir="ltr">{address}</bdi>,
    },
    {
      head: t('you.loggedIn'),
      end: true,
      look: 'small-hidden text-muted',
      title: ({ created_at }: WorkspaceSession) => exact(created_at),
      cell: ({ created_at }: WorkspaceSession) => when(created_at),
    },
    {
      head: t('you.lastActive'),
      end: true,
      look: 'text-muted',
      title: ({ renewed_at }: WorkspaceSession) => exact(renewed_at),
      cell: ({ renewed_at }: WorkspaceSession) => when(renewed_at),
    },
  ];
}

function End({ session: { id, person } }: { session: WorkspaceSession }) {
  const { t } = useTranslation();
  const end = useAction({ ...endWorkspaceSession, done: t('sessions.ended', { name: person.name }) });
  return (
    <Button
      kind="line"
      size="small"
      busy={end.isPending}
      aria-label={t('sessions.endOf', { name: person.name })}
      onClick={() => end.mutate(id)}
    >
      {t('you.endSession')}
    </Button>
  );
}
