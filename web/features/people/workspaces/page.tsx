// The workspaces of the person, and the way into another one.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, SkeletonRows } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { switchWorkspace, workspacesQuery } from '../../../data/workspaces.ts';
import { useFormat } from '../../../kit/format.ts';
import { session } from '../../../kit/session.ts';
import { useAction } from '../../../kit/use-action.ts';

export function WorkspacesPage() {
  const { t } = useTranslation();
  const { number, day } = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const workspaces = useInfiniteQuery(workspacesQuery);
  const enter = useAction({
    act: switchWorkspace,
    async onDone(opened) {
      session.begin(opened);
      client.clear();
      await navigate({ to: '/' });
    },
  });
  const example = {
    method: 'GET',
    path: '/api/v1/me/workspaces',
    sdk: 'await recado.me.listWorkspaces().toArray();',
    personOnly: true,
  };
  const rows = workspaces.data;
  return (
    <Page title={t('workspaces.title')} count={rows && number(rows.total ?? rows.rows.length)} example={example}>
      <Answer query={workspaces} failed={t('workspaces.failed')} skeleton={<SkeletonRows rows={2} />}>
        {({ rows: all }) => (
          <Table label={t('workspaces.title')}>
            <thead>
              <tr>
                <th scope="col">{t('workspaces.workspace')}</th>
                <th scope="col">{t('people.role')}</th>
                <th scope="col" className="end">
                  {t('workspaces.created')}
                </th>
                <th scope="col">
                  <span className="sr-only">{t('table.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map(({ id, name, role, current, created_at }) => (
                <tr key={id}>
                  <td className="wide">
                    <span className="flex items-center gap-2.5 font-medium">
                      <Building2 size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
                      <bdi className="cut">{name}</bdi>
                      {current && <Pill tone="accent">{t('workspaces.current')}</Pill>}
                    </span>
                  </td>
                  <td className="text-muted">{t(`role.${role}`)}</td>
                  <td className="end small-hidden text-muted">{day(created_at)}</td>
                  <td className="end">
                    {!current && (
                      <Button
                        kind="line"
                        size="small"
                        busy={enter.isPending && enter.variables === id}
                        onClick={() => enter.mutate(id)}
                      >
                        {t('workspaces.enter')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Answer>
    </Page>
  );
}
