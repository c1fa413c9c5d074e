// All segments, or all static lists.
import type { Segment } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { List, Plus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Page } from '../../../components/page.tsx';
import { Empty } from '../../../components/states.tsx';
import { useMayEverywhere } from '../../../data/me.ts';
import { createSegment, segmentsQuery } from '../../../data/segments.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { ContactsTabs } from '../tabs.tsx';
import { SegmentActions } from './actions.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useSavedWords } from './words.ts';

export function SegmentsPage() {
  const { t } = useTranslation();
  const { day } = useFormat();
  const navigate = useNavigate();
  const { kind = 'filter' } = useSearch({ from: '/inside/contacts/segments' });
  const isList = kind === 'list';
  const mayManage = useMayEverywhere('contacts.manage');
  const savedWords = useSavedWords();
  const create = useChange(createSegment);
  const [isNaming, setNaming] = useState(false);
  const query = useQuery(segmentsQuery);
  const rows = query.data?.filter(segment => segment.kind === kind);
  const columns = [
    {
      head: t('segments.name'),
      look: 'wide',
      cell: ({ id, name }: Segment) => (
        <Link
          to="/contacts/segments/$segmentId"
          params={{ segmentId: id }}
          className="text-text no-underline hover:underline"
        >
          <bdi className="cut font-medium">{name}</bdi>
        </Link>
      ),
    },
    { head: t('segments.people'), look: 'num text-muted', cell: savedWords },
    {
      head: t(isList ? 'segments.changed' : 'segments.saved'),
      end: true,
      look: 'text-muted',
      cell: ({ saved_at, updated_at }: Segment) => day(isList ? updated_at : saved_at),
    },
  ];
  const newOne = isList ? (
    <Button kind="primary" icon={Plus} onClick={() => setNaming(true)}>
      {t('segments.newList')}
    </Button>
  ) : (
    <Link to="/contacts/segments/new" className={buttonLook('primary')}>
      <Plus size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      {t('segments.new')}
    </Link>
  );
  const example = {
    method: 'GET',
    path: `/api/v1/segments?kind=${kind}`,
    sdk: `const { data } = await recado.segments.list({ kind: '${kind}' });`,
  };
  return (
    <Page title={t('contacts.title')} example={example} actions={mayManage && newOne}>
      <ContactsTabs />
      <ListTable
        list={{
          data: rows && { rows, total: rows.length },
          error: query.error,
          refetch: query.refetch,
          hasNextPage: false,
          isFetchingNextPage: false,
          fetchNextPage: () => undefined,
        }}
        label={t(isList ? 'segments.tabs.lists' : 'segments.tabs.segments')}
        failed={t('segments.failed')}
        columns={columns}
        short
        actions={segment => <SegmentActions segment={segment} />}
        empty={
          isList ? (
            <Empty icon={List} title={t('segments.emptyLists')}>
              {t('segments.emptyListsWords')}
            </Empty>
          ) : (
            <Empty icon={Users} title={t('segments.empty')}>
              {t('segments.emptyWords')}
            </Empty>
          )
        }
      />
      {isNaming && (
        <NameDialog
          title={t('segments.newList')}
          submit={t('segments.create')}
          name=""
          onName={async name => {
            const { id } = await create({ name, kind: 'list' });
            toast(t('segments.created', { name }));
            await navigate({ to: '/contacts/segments/$segmentId', params: { segmentId: id } });
          }}
          onClose={() => setNaming(false)}
        />
      )}
    </Page>
  );
}
