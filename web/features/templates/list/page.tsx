// All templates of the workspace: their states at WhatsApp, and the templates that need somebody.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { LayoutTemplate, Plus, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { buttonLook, IconButton } from '../../../components/button.tsx';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Input, SearchMark } from '../../../components/field.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Empty } from '../../../components/states.tsx';
import { useMay } from '../../../data/me.ts';
import { allTemplatesQuery, syncTemplates } from '../../../data/templates.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { templateLook, useTemplateWords } from '../../../words/template.ts';
import { shownStatuses, type TemplatesSearch } from '../search.ts';
import { bodyOf, fits, groupsOf, type TemplateGroup } from './groups.ts';

const none: readonly TemplateGroup[] = [];

export function TemplatesPage() {
  const { t } = useTranslation();
  const mayManage = useMay('templates.manage');
  const search = useSearch({ from: '/inside/templates' });
  const templates = useQuery(allTemplatesQuery);
  const groups = templates.data ? groupsOf(templates.data.rows) : none;
  const shown = groups.filter(group => fits(group, search));
  const list = {
    data: templates.data && { rows: shown, total: shown.length },
    error: templates.error,
    refetch: templates.refetch,
    hasNextPage: false,
    isFetchingNextPage: false,
    fetchNextPage: () => undefined,
  };
  const example = {
    method: 'GET',
    path: '/api/v1/templates',
    sdk: 'for await (const template of recado.templates.list())\n  console.log(template.name, template.language, template.status);',
  };
  const buttons = mayManage && (
    <>
      <SyncButton />
      <Link to="/templates/new" className={buttonLook('primary')}>
        <Plus size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
        {t('templates.new')}
      </Link>
    </>
  );
  return (
    <ListPage
      title={t('nav.templates')}
      example={example}
      buttons={buttons}
      before={
        groups.length > 0 && (
          <>
            <Filters groups={groups} search={search} />
            <Paused groups={groups} />
          </>
        )
      }
      list={list}
      label={t('nav.templates')}
      failed={t('templates.failed')}
      skeletonRows={5}
      columns={useColumns()}
      empty={
        groups.length === 0 ? (
          <Empty icon={LayoutTemplate} title={t('templates.empty')}>
            {t('templates.emptyWords')}
          </Empty>
        ) : (
          <Empty icon={LayoutTemplate} title={t('templates.nothing')}>
            {t('templates.nothingWords')}
          </Empty>
        )
      }
    >
      <CutNote whole={templates.data} />
    </ListPage>
  );
}

function SyncButton() {
  const { t } = useTranslation();
  const sync = useAction({
    ...syncTemplates,
    done: ({ business_accounts }) => {
      const failed = business_accounts.find(({ error }) => error !== null)?.error;
      if (failed) return t('templates.syncFailed', { reason: failed.title });
      return t('templates.synced', { count: business_accounts.reduce((sum, { changed }) => sum + changed, 0) });
    },
  });
  return (
    <IconButton
      icon={RefreshCw}
      kind="line"
      label={t('templates.sync')}
      aria-busy={sync.isPending || undefined}
      onClick={() => !sync.isPending && sync.mutate()}
    />
  );
}

function Filters({ groups, search }: { groups: readonly TemplateGroup[]; search: TemplatesSearch }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const words = useTemplateWords();
  const navigate = useNavigate({ from: '/templates' });
  const change = (change: Partial<TemplatesSearch>) =>
    void navigate({ search: before => ({ ...before, ...change }), replace: true });
  const counted = shownStatuses
    .map(status => ({ status, count: groups.filter(group => fits(group, { state: status })).length }))
    .filter(({ status, count }) => count > 0 || status === search.state);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="relative w-full md:w-64">
        <SearchMark />
        <Input
          type="search"
          aria-label={t('templates.search')}
          placeholder={t('templates.search')}
          value={search.text ?? ''}
          onChange={({ target }) => change({ text: target.value || undefined })}
          className="ps-8!"
        />
      </div>
      <Chips label={t('templates.filters')}>
        <Chip
          pressed={search.state === undefined}
          count={number(groups.length)}
          onClick={() => change({ state: undefined })}
        >
          {t('templates.all')}
        </Chip>
        {counted.map(({ status, count }) => (
          <Chip
            key={status}
            pressed={search.state === status}
            count={number(count)}
            onClick={() => change({ state: status })}
          >
            {words.status(status)}
          </Chip>
        ))}
      </Chips>
    </div>
  );
}

/** A paused template holds its messages: says so, and leads to them. */
function Paused({ groups }: { groups: readonly TemplateGroup[] }) {
  const { t } = useTranslation();
  const may = useMay('messages.read');
  const paused = groups.filter(({ first }) => first.status === 'PAUSED');
  const [only] = paused;
  if (!only) return null;
  return (
    <Banner
      tone="warning"
      title={t('templates.paused', { count: paused.length, name: only.name })}
      action={
        may && (
          <Link to="/queue" search={{ status: 'waiting', reason: 'template_paused' }}>
            {t('templates.seeWaiting')}
          </Link>
        )
      }
    >
      {t('templates.pausedWords')}
    </Banner>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const words = useTemplateWords();
  return [
    { head: t('templates.template'), look: 'wide', cell: (group: TemplateGroup) => <NameCell group={group} /> },
    {
      head: t('templates.categoryOf'),
      look: 'small-hidden text-muted',
      cell: ({ first }: TemplateGroup) => words.category(first.category),
    },
    {
      head: t('templates.languages'),
      look: 'small-full',
      cell: ({ languages }: TemplateGroup) => (
        <span className="flex flex-wrap gap-1">
          {languages.map(({ id, language, status }) => (
            <Link key={id} to="/templates/$templateId" params={{ templateId: id }} title={words.status(status)}>
              <Pill tone={status === 'APPROVED' ? 'neutral' : templateLook(status).tone}>{language}</Pill>
            </Link>
          ))}
        </span>
      ),
    },
    {
      head: t('templates.statusAtMeta'),
      cell: ({ first: { status } }: TemplateGroup) => (
        <Pill tone={templateLook(status).tone} icon={templateLook(status).icon}>
          {words.status(status)}
        </Pill>
      ),
    },
    {
      head: t('templates.qualityOf'),
      look: 'small-hidden text-muted',
      cell: ({ first }: TemplateGroup) =>
        words.quality(first.quality) ?? <span className="text-faint">{t('templates.notRated')}</span>,
    },
    {
      head: t('templates.changed'),
      end: true,
      look: 'small-hidden text-muted',
      title: ({ first }: TemplateGroup) => exact(first.updated_at),
      cell: ({ first }: TemplateGroup) => when(first.updated_at),
    },
  ];
}

function NameCell({ group: { name, first } }: { group: TemplateGroup }) {
  const { t } = useTranslation();
  const words = useTemplateWords();
  const reason = first.status === 'REJECTED' || first.status === 'PAUSED' ? words.reason(first) : undefined;
  return (
    <span className="grid min-w-0">
      <Link
        to="/templates/$templateId"
        params={{ templateId: first.id }}
        className="cut font-mono text-text hover:underline"
      >
        {name}
      </Link>
      {reason === undefined ? (
        <bdi className="cut text-muted">{bodyOf(first) || t('templates.metaWrites')}</bdi>
      ) : (
        <span className="cut text-danger">{reason}</span>
      )}
    </span>
  );
}
