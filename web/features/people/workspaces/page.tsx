// The workspaces of the person, and the way into another one.

import type { MyWorkspace } from '@recado/client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Pill } from '../../../components/marks.tsx';
import { switchWorkspace, workspacesQuery } from '../../../data/workspaces.ts';
import { useFormat } from '../../../kit/format.ts';
import { session } from '../../../kit/session.ts';
import { useAction } from '../../../kit/use-action.ts';

export function WorkspacesPage() {
  const { t } = useTranslation();
  const { day } = useFormat();
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
  const columns = [
    {
      head: t('workspaces.workspace'),
      look: 'wide',
      cell: ({ name, current }: MyWorkspace) => (
        <span className="flex items-center gap-2.5 font-medium">
          <Building2 size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
          <bdi className="cut">{name}</bdi>
          {current && <Pill tone="accent">{t('workspaces.current')}</Pill>}
        </span>
      ),
    },
    { head: t('people.role'), look: 'text-muted', cell: ({ role }: MyWorkspace) => t(`role.${role}`) },
    {
      head: t('workspaces.created'),
      end: true,
      look: 'small-hidden text-muted',
      cell: ({ created_at }: MyWorkspace) => day(created_at),
    },
  ];
  return (
    <ListPage
      title={t('workspaces.title')}
      example={example}
      list={workspaces}
      label={t('workspaces.title')}
      failed={t('workspaces.failed')}
      skeletonRows={2}
      columns={columns}
      actions={({ id, current }) =>
        !current && (
          <Button
            kind="line"
            size="small"
            busy={enter.isPending && enter.variables === id}
            onClick={() => enter.mutate(id)}
          >
            {t('workspaces.enter')}
          </Button>
        )
      }
    />
  );
}
