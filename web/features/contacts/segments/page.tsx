// One segment: its conditions, whom it leaves out, who belongs to it now. And a static list, with its people.
import type { Segment } from '@recado/client';
import type { SegmentFilter } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Clock, Mail, MessageSquare, Tag } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiExample } from '../../../components/api-button.tsx';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useMayEverywhere } from '../../../data/me.ts';
import {
  createSegment,
  segmentCountQuery,
  segmentQuery,
  segmentsQuery,
  updateSegment,
} from '../../../data/segments.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { SegmentActions } from './actions.tsx';
import { type Draft, draftOf, emptyDraft, filterOf, isIncomplete } from './draft.ts';
import { LeaveOutCard } from './leave-out-card.tsx';
import { NameDialog } from './name-dialog.tsx';
import { SampleCard } from './sample-card.tsx';
import { type Counted, NowCard, ReachCard } from './side.tsx';
import { TreeCard } from './tree.tsx';
import { useCounted } from './use-counted.ts';
import { type Facts, useFacts, useReason } from './words.ts';

const useBack = () => {
  const { t } = useTranslation();
  return { to: '/contacts/segments', label: t('segments.back') } as const;
};

export function SegmentPage() {
  const { t } = useTranslation();
  const { segmentId } = useParams({ from: '/inside/contacts/segments/$segmentId' });
  const segment = useQuery(segmentQuery(segmentId));
  return (
    <PageOfOne query={segment} title={t('segments.segment')} back={useBack()} failed={t('segments.oneFailed')}>
      {found =>
        found.filter === null ? (
          <StaticList list={found} />
        ) : (
          // A change by somebody else leaves the draft alone; saving then says so.
          <SavedSegment key={found.id} segment={found} filter={found.filter} />
        )
      }
    </PageOfOne>
  );
}

function StaticList({ list }: { list: Segment }) {
  const counted = useCounted({ segment_id: list.id });
  const example = {
    method: 'POST',
    path: `/api/v1/segments/${list.id}/members`,
    body: { action: 'add', contact_ids: ['con_…'] },
    sdk: `await recado.segments.changeMembers('${list.id}', { action: 'add', contact_ids: [contactId] });`,
  };
  return (
    <Page title={list.name} back={useBack()} example={example} actions={<SegmentActions segment={list} isLarge />}>
      <Columns side={<Side counted={counted} isList />}>
        {counted.data && (
          <SampleCard
            count={counted.data}
            isOld={counted.isOld}
            isList
            reason={() => ''}
            onAnother={() => void counted.refetch()}
            segmentId={list.id}
          />
        )}
      </Columns>
    </Page>
  );
}

function SavedSegment({ segment, filter }: { segment: Segment; filter: NonNullable<Segment['filter']> }) {
  const { t } = useTranslation();
  const facts = useFacts();
  const mayManage = useMayEverywhere('contacts.manage');
  const [draft, setDraft] = useState<Draft>(() => draftOf(filter as SegmentFilter));
  const [saved, setSaved] = useState(segment);
  const shown = filterOf(draft, facts.kindOf);
  const savedDraft = filterOf(draftOf(saved.filter as SegmentFilter), facts.kindOf);
  const incomplete = isIncomplete(draft, facts.kindOf);
  const isChanged = incomplete || JSON.stringify(shown) !== JSON.stringify(savedDraft);
  const update = useAction({ ...updateSegment, done: t('segments.savedNow'), onDone: setSaved });
  const save = () => update.mutate({ id: segment.id, revision: revisionOf(saved, segment), filter: shown });
  const impossible = incomplete ? t('segments.incomplete') : isChanged ? undefined : t('segments.unchanged');
  return (
    <Editor
      title={segment.name}
      example={exampleOf('PATCH', `/api/v1/segments/${segment.id}`, { filter: shown })}
      actions={
        <>
          {mayManage && (
            <Button kind="primary" busy={update.isPending} impossible={impossible} onClick={save}>
              {t('segments.save')}
            </Button>
          )}
          <SegmentActions segment={segment} isLarge />
        </>
      }
      draft={draft}
      onChange={setDraft}
      facts={facts}
      filter={shown}
      segment={isChanged ? undefined : saved}
      segmentId={isChanged ? undefined : segment.id}
      own={segment.id}
      isChanged={isChanged && !update.isPending}
      before={
        segment.missing.length > 0 && (
          <Banner tone="warning" title={t('segments.missing')}>
            {null}
          </Banner>
        )
      }
    />
  );
}

/** A new name raises the revision too, and says nothing of the conditions. */
const revisionOf = (saved: Segment, now: Segment): number =>
  JSON.stringify(saved.filter) === JSON.stringify(now.filter) ? now.revision : saved.revision;

export function NewSegmentPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const facts = useFacts();
  const create = useChange(createSegment);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [isNaming, setNaming] = useState(false);
  const filter = filterOf(draft, facts.kindOf);
  const incomplete = isIncomplete(draft, facts.kindOf);
  const isEmpty = draft.match.nodes.length === 0 && draft.leaveOut.length === 0;
  const keep = async (name: string) => {
    const { id } = await create({ name, kind: 'filter', filter });
    toast(t('segments.created', { name }));
    await navigate({ to: '/contacts/segments/$segmentId', params: { segmentId: id }, ignoreBlocker: true });
  };
  return (
    <Editor
      title={t('segments.new')}
      example={exampleOf('POST', '/api/v1/segments', { name: 'Collectors', kind: 'filter', filter })}
      actions={
        <Button
          kind="primary"
          impossible={incomplete ? t('segments.incomplete') : undefined}
          onClick={() => setNaming(true)}
        >
          {t('segments.save')}
        </Button>
      }
      draft={draft}
      onChange={setDraft}
      facts={facts}
      filter={filter}
      isChanged={!isEmpty}
      beside={isEmpty && <Presets onChoose={chosen => setDraft(draftOf(chosen))} />}
    >
      {isNaming && (
        <NameDialog
          title={t('segments.new')}
          submit={t('segments.saveAs')}
          name=""
          onName={keep}
          onClose={() => setNaming(false)}
        />
      )}
    </Editor>
  );
}

interface EditorProps {
  title: string;
  example: ApiExample;
  actions: ReactNode;
  draft: Draft;
  onChange: (draft: Draft) => void;
  facts: Facts;
  /** The draft without lines that lack something. */
  filter: SegmentFilter;
  /** The saved one, as long as the draft equals it. */
  segment?: Segment | undefined;
  segmentId?: string | undefined;
  own?: string | undefined;
  isChanged: boolean;
  before?: ReactNode;
  beside?: ReactNode;
  children?: ReactNode;
}

function Editor(props: EditorProps) {
  const { t } = useTranslation();
  const { title, example, actions, draft, onChange, facts, filter, segment, segmentId, own, isChanged } = props;
  const counted = useCounted({ filter });
  const segments = useQuery(segmentsQuery).data ?? [];
  const reason = useReason(facts, filter.match);
  return (
    <Page title={title} back={useBack()} example={example} actions={actions}>
      <LeaveGuard
        when={isChanged}
        title={t('segments.leaveTitle', { name: title })}
        keep={t('segments.leaveKeep')}
        confirm={t('segments.leaveConfirm')}
      >
        {t('segments.leaveWords')}
      </LeaveGuard>
      {props.before}
      <Columns
        side={
          <>
            <Side counted={counted} segment={segment} isList={false} />
            {props.beside}
          </>
        }
      >
        <TreeCard draft={draft} facts={facts} onChange={onChange} />
        <LeaveOutCard
          ids={draft.leaveOut}
          segments={segments}
          own={own}
          count={counted.isOld ? undefined : counted.data}
          onChange={leaveOut => onChange({ ...draft, leaveOut })}
        />
        {counted.data && (
          <SampleCard
            count={counted.data}
            isOld={counted.isOld}
            isList={false}
            reason={reason}
            onAnother={() => void counted.refetch()}
            segmentId={segmentId}
          />
        )}
      </Columns>
      {props.children}
    </Page>
  );
}

const Columns = ({ side, children }: { side: ReactNode; children: ReactNode }) => (
  <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-8">{children}</div>
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-4">{side}</div>
  </div>
);

function Side({ counted, segment, isList }: { counted: Counted; segment?: Segment | undefined; isList: boolean }) {
  return (
    <>
      <NowCard counted={counted} segment={segment} />
      <ReachCard counted={counted} isList={isList} />
    </>
  );
}

const presets = {
  wrote: { icon: MessageSquare, condition: { field: 'last_received', op: 'within_days', value: 30 } },
  silent: { icon: Clock, condition: { field: 'last_received', op: 'not_within_days', value: 365 } },
  unread: { icon: Mail, condition: { field: 'unread', op: 'is', value: true } },
  labelled: { icon: Tag, condition: { field: 'label', op: 'is_set' } },
} as const;

/** Filters to begin with, each with its count. */
function Presets({ onChoose }: { onChoose: (filter: SegmentFilter) => void }) {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHead title={t('segments.begin')} />
      <CardBody className="-mt-1 px-3! pb-3!">
        <ul>
          {(Object.keys(presets) as (keyof typeof presets)[]).map(name => {
            const { icon: Icon, condition } = presets[name];
            const filter: SegmentFilter = { match: { all: [condition] } };
            return (
              <li key={name}>
                <button
                  type="button"
                  onClick={() => onChoose(filter)}
                  className="flex min-h-control w-full items-center gap-2 rounded-control px-2 text-start hover:bg-hover"
                >
                  <Icon size={16} strokeWidth={1.75} className="flex-none text-muted" aria-hidden="true" />
                  <span className="flex-1">{t(`segments.preset.${name}`)}</span>
                  <PresetCount filter={filter} />
                </button>
              </li>
            );
          })}
        </ul>
      </CardBody>
    </Card>
  );
}

function PresetCount({ filter }: { filter: SegmentFilter }) {
  const { number } = useFormat();
  const { data } = useQuery(segmentCountQuery({ filter }));
  return data && <span className="num text-13 text-muted">{`${number(data.count)}${data.more ? '+' : ''}`}</span>;
}

const exampleOf = (method: 'POST' | 'PATCH', path: string, body: object): ApiExample => {
  const written = JSON.stringify(body, null, 2).replaceAll('\n', '\n');
  const id = path.split('/').at(-1);
  return {
    method,
    path,
    body,
    sdk:
      method === 'POST'
        ? `await recado.segments.create(${written});`
        : `await recado.segments.update('${id}', ${written});`,
  };
};
