// Where you are logged in, with the way to end it.

import type { Session } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Pill } from '../../components/marks.tsx';
import { Answer, SkeletonRows } from '../../components/states.tsx';
import { Table } from '../../components/surfaces.tsx';
import { endSession, sessionsQuery } from '../../data/sessions.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';
import { deviceOf } from './device.ts';

export function Sessions() {
  const { t } = useTranslation();
  const sessions = useInfiniteQuery(sessionsQuery);
  return (
    <section className="grid gap-3">
      <h2>{t('you.sessions')}</h2>
      <Answer query={sessions} failed={t('you.sessionsFailed')} skeleton={<SkeletonRows rows={2} />}>
        {({ rows }) => (
          <Table label={t('you.sessions')}>
            <thead>
              <tr>
                <th scope="col">{t('you.device')}</th>
                <th scope="col">{t('you.address')}</th>
                <th scope="col" className="end">
                  {t('you.loggedIn')}
                </th>
                <th scope="col" className="end">
                  {t('you.lastActive')}
                </th>
                <th scope="col">
                  <span className="sr-only">{t('table.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {[...rows]
                .sort((a, b) => Number(b.current) - Number(a.current))
                .map(session => (
                  <SessionRow key={session.id} session={session} />
                ))}
            </tbody>
          </Table>
        )}
      </Answer>
    </section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const { id, current, address, user_agent, created_at, renewed_at } = session;
  const found = deviceOf(user_agent);
  const device = found?.system ? t('you.browserOn', { ...found }) : (found?.browser ?? t('you.unknownDevice'));
  const end = useAction({
    ...endSession,
    done: t('you.sessionEnded'),
  });
  return (
    <tr>
      <td className="wide small-full" title={user_agent ?? undefined}>
        <span className="flex items-center gap-2">
          <bdi className="cut font-medium">{device}</bdi>
          {current && <Pill tone="accent">{t('you.thisSession')}</Pill>}
        </span>
      </td>
      <td className="text-muted">{address === null ? t('you.unknownAddress') : <bdi>{address}</bdi>}</td>
      <td className="end small-hidden text-muted" title={exact(created_at)}>
        {when(created_at)}
      </td>
      <td className="end text-muted" title={exact(renewed_at)}>
        {when(renewed_at)}
      </td>
      <td className="end">
        {!current && (
          <Button kind="line" size="small" busy={end.isPending} onClick={() => end.mutate(id)}>
            {t('you.endSession')}
          </Button>
        )}
      </td>
    </tr>
  );
}
