// Where you are logged in, with the way to end it.

import type { Session } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Device } from '../../components/device.tsx';
import { ListTable } from '../../components/list-table.tsx';
import type { Loaded } from '../../data/list.ts';
import { endOtherSessions, endSession, sessionsQuery } from '../../data/sessions.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';

export function Sessions() {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const sessions = useInfiniteQuery(sessionsQuery);
  const columns = [
    {
      head: t('you.device'),
      look: 'wide small-full',
      title: ({ user_agent }: Session) => user_agent ?? undefined,
      cell: (session: Session) => <Device session={session} />,
    },
    {
      head: t('you.address'),
      look: 'text-muted',
      cell: ({ address }: Session) => (address === null ? t('you.unknownAddress') : <bdi>{address}</bdi>),
    },
    {
      head: t('you.loggedIn'),
      end: true,
      look: 'small-hidden text-muted',
      title: ({ created_at }: Session) => exact(created_at),
      cell: ({ created_at }: Session) => when(created_at),
    },
    {
      head: t('you.lastActive'),
      end: true,
      look: 'text-muted',
      title: ({ renewed_at }: Session) => exact(renewed_at),
      cell: ({ renewed_at }: Session) => when(renewed_at),
    },
  ];
  return (
    <section className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2>{t('you.sessions')}</h2>
        {(sessions.data?.rows.length ?? 0) > 1 && <EndOthers />}
      </div>
      <ListTable
        list={{ ...sessions, data: sessions.data && currentFirst(sessions.data) }}
        label={t('you.sessions')}
        failed={t('you.sessionsFailed')}
        skeletonRows={2}
        columns={columns}
        actions={session => !session.current && <End id={session.id} />}
      />
    </section>
  );
}

const currentFirst = ({ rows, total }: Loaded<Session>): Loaded<Session> => ({
  rows: [...rows].sort((a, b) => Number(b.current) - Number(a.current)),
  total,
});

function EndOthers() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const end = useAction({
    ...endOtherSessions,
    done: ({ ended }) => t('you.othersEnded', { shown: number(ended) }),
  });
  return (
    <Button kind="line" size="small" busy={end.isPending} onClick={() => end.mutate()}>
      {t('you.endOthers')}
    </Button>
  );
}

function End({ id }: Pick<Session, 'id'>) {
  const { t } = useTranslation();
  const end = useAction({ ...endSession, done: t('you.sessionEnded') });
  return (
    <Button kind="line" size="small" busy={end.isPending} onClick={() => end.mutate(id)}>
      {t('you.endSession')}
    </Button>
  );
}
