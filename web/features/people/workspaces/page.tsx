// The workspaces of the person: the way into another one, a new one, and the name of this one.

import type { MyWorkspace } from '@recado/client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Building2, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Pill } from '../../../components/marks.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { useMay } from '../../../data/me.ts';
import { createWorkspace, renameWorkspace, switchWorkspace, workspacesQuery } from '../../../data/workspaces.ts';
import { useFormat } from '../../../kit/format.ts';
import { session } from '../../../kit/session.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { NameDialog } from './name-dialog.tsx';

type Shown = { what: 'create' } | { what: 'rename'; name: string };

export function WorkspacesPage() {
  const { t } = useTranslation();
  const mayCreate = useMay('workspaces.create');
  const mayRename = useMay('workspace.manage');
  const [shown, setShown] = useState<Shown>();
  const close = () => setShown(undefined);
  const workspaces = useInfiniteQuery(workspacesQuery);
  const enter = useEnter();
  const create = useChange(createWorkspace);
  const rename = useChange(renameWorkspace);
  const example = {
    method: 'GET',
    path: '/api/v1/me/workspaces',
    sdk: 'await recado.me.listWorkspaces().toArray();',
    personOnly: true,
  };
  const actions = ({ id, name, current }: MyWorkspace) => {
    if (current)
      return (
        mayRename && (
          <RowMenu name={name}>
            <MenuItem icon={Pencil} onSelect={() => setShown({ what: 'rename', name })}>
              {t('workspaces.rename')}
            </MenuItem>
          </RowMenu>
        )
      );
    return (
      <Button
        kind="line"
        size="small"
        busy={enter.isPending && enter.variables === id}
        onClick={() => enter.mutate(id)}
      >
        {t('workspaces.enter')}
      </Button>
    );
  };
  return (
    <ListPage
      title={t('workspaces.title')}
      example={example}
      buttons={
        mayCreate && (
          <Button kind="primary" icon={Plus} onClick={() => setShown({ what: 'create' })}>
            {t('workspaces.new')}
          </Button>
        )
      }
      list={workspaces}
      label={t('workspaces.title')}
      failed={t('workspaces.failed')}
      skeletonRows={2}
      columns={useColumns()}
      actions={actions}
    >
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
        <Note title={t('workspaces.apart')} words={t('workspaces.apartWords')} />
        <Note title={t('workspaces.join')} words={t('workspaces.joinWords')} />
      </div>
      {shown?.what === 'create' && (
        <NameDialog
          title={t('workspaces.newTitle')}
          submit={t('workspaces.create')}
          onClose={close}
          save={async name => {
            const { id } = await create(name);
            close();
            enter.mutate(id);
          }}
        />
      )}
      {shown?.what === 'rename' && (
        <NameDialog
          title={t('workspaces.renameTitle', { name: shown.name })}
          submit={t('workspaces.rename')}
          name={shown.name}
          onClose={close}
          save={async name => {
            await rename(name);
            close();
          }}
        />
      )}
    </ListPage>
  );
}

/** Goes into another workspace with a session of its own. */
function useEnter() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useAction({
    act: switchWorkspace,
    async onDone(opened) {
      session.begin(opened);
      client.clear();
      await navigate({ to: '/' });
    },
  });
}

function useColumns() {
  const { t } = useTranslation();
  const { day } = useFormat();
  return [
    {
      head: t('workspaces.workspace'),
      look: 'wide',
      cell: ({ name, current }: MyWorkspace) => (
        <span className="flex items-center gap-2.5 font-medium">
          <Building2 size={16} strokeWidth={1.75} className="flex-none text-faint" aria-hidden="true" />
          <bdi className="cut">{name}</bdi>
          {current && <Pill tone="accent">{t('workspaces.current')}</Pill>}
        </span>
      ),
    },
    { head: t('people.role'), look: 'md:min-w-40 text-muted', cell: ({ role }: MyWorkspace) => t(`role.${role}`) },
    {
      head: t('workspaces.created'),
      end: true,
      look: 'small-hidden md:min-w-36 text-muted',
      cell: ({ created_at }: MyWorkspace) => day(created_at),
    },
  ];
}

const Note = ({ title, words }: { title: string; words: string }) => (
  <section className="grid max-w-[66ch] content-start gap-1">
    <h2>{title}</h2>
    <p className="text-13 text-muted">{words}</p>
  </section>
);
