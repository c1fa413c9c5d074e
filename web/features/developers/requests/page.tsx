// Developers, requests: what was asked of the API in the last week, by whom, and what it answered.
import type { ApiRequest } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowUpRight, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Chip, Chips } from '../../../components/choose.tsx';
import { Input, SearchMark } from '../../../components/field.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Empty } from '../../../components/states.tsx';
import { type RequestFilter, requestsQuery } from '../../../data/requests.ts';
import { useFormat } from '../../../kit/format.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { ChoiceChip } from '../choice-chip.tsx';
import { HttpStatus } from '../http-status.tsx';
import { DevelopersTabs } from '../tabs.tsx';
import { type RequestsSearch, requestMethods, requestRanges, requestViews } from './search.ts';

const slowMs = 1_000;

const minuteMs = 60_000;

/** Times are whole minutes, so that a list keeps its address for one. */
const filterOf = ({ view, by, id, keys, method, within }: RequestsSearch): RequestFilter => ({
  ...(view === 'slow' && { slower_than_ms: slowMs }),
  ...(view !== undefined && view !== 'slow' && { outcome: view }),
  ...(keys && { caller_kind: 'api_key' as const }),
  ...(by !== undefined && { caller_id: by }),
  ...(method !== undefined && { method }),
  ...(within !== undefined && {
    from: new Date((Math.floor(Date.now() / minuteMs) - 60 * requestRanges[within]) * minuteMs).toISOString(),
  }),
  ...(id !== undefined && (id.includes('/') ? { path: id } : { request_id: id })),
});

export function RequestsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/inside/developers/requests' });
  const navigate = useNavigate();
  const change = (some: Partial<RequestsSearch>) =>
    void navigate({
      to: '/developers/requests',
      search: before => ({ ...before, ...some }),
      replace: true,
      resetScroll: false,
    });
  const filter = filterOf(search);
  const list = useInfiniteQuery(requestsQuery(filter));
  const isFiltered = Object.keys(filter).length > 0;
  const query = Object.entries(filter).map(([name, value]) => [name, String(value)]);
  return (
    <ListPage
      title={t('developers.title')}
      example={{
        method: 'GET',
        path: `/api/v1/requests${isFiltered ? `?${new URLSearchParams(query)}` : ''}`,
        sdk: `for await (const request of recado.requests.list(${isFiltered ? JSON.stringify(filter) : ''}))\n  console.log(request.method, request.path, request.status);`,
      }}
      buttons={
        <Button kind="line" icon={RefreshCw} busy={list.isRefetching} onClick={() => void list.refetch()}>
          {t('developers.again')}
        </Button>
      }
      tabs={count => <DevelopersTabs count={count} />}
      before={<Filters search={search} first={list.data?.rows[0]} onChange={change} />}
      list={list}
      label={t('developers.requests.title')}
      failed={t('developers.requests.failed')}
      skeletonRows={8}
      short
      columns={useColumns()}
      empty={
        <Empty
          icon={ArrowUpRight}
          title={t(isFiltered ? 'developers.requests.nothingFits' : 'developers.requests.empty')}
        >
          {t('developers.requests.emptyWords')}
        </Empty>
      }
    >
      <p className="text-13 text-muted">{t('developers.requests.kept')}</p>
    </ListPage>
  );
}

interface FiltersProps {
  search: RequestsSearch;
  /** A request of the list, which names its caller. */
  first: ApiRequest | undefined;
  onChange: (some: Partial<RequestsSearch>) => void;
}

function Filters({ search, first, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { view, by, id, keys, method, within } = search;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <IdField id={id} onChange={next => onChange({ id: next })} />
      <Chips label={t('developers.requests.filters')}>
        <Chip pressed={view === undefined} onClick={() => onChange({ view: undefined })}>
          {t('developers.requests.view.all')}
        </Chip>
        {requestViews.map(each => (
          <Chip key={each} pressed={view === each} onClick={() => onChange({ view: each })}>
            {t(`developers.requests.view.${each}`)}
          </Chip>
        ))}
        <Chip pressed={keys === true} onClick={() => onChange({ keys: keys ? undefined : true })}>
          {t('developers.requests.keysOnly')}
        </Chip>
        {by !== undefined && (
          <Chip pressed removable onClick={() => onChange({ by: undefined })}>
            {t('developers.requests.onlyBy', { name: first?.caller.name ?? by })}
          </Chip>
        )}
        <ChoiceChip
          label={t('developers.requests.method')}
          value={method}
          options={requestMethods.map(value => ({ value, label: value }))}
          onChange={next => onChange({ method: next })}
        />
        <ChoiceChip
          label={t('developers.requests.time')}
          value={within}
          options={(Object.keys(requestRanges) as (keyof typeof requestRanges)[]).map(value => ({
            value,
            label: t(`developers.requests.range.${value}`),
          }))}
          onChange={next => onChange({ within: next })}
        />
      </Chips>
    </div>
  );
}

function IdField({ id, onChange }: { id: string | undefined; onChange: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(id ?? '');
  const settled = useSettled(typed.trim());
  const wanted = settled === '' ? undefined : settled.slice(0, 100);
  // Once it has rested, the text goes into the address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onChange` is new for each address
  useEffect(() => {
    if (wanted !== id) onChange(wanted);
  }, [wanted]);
  return (
    <div className="relative w-full md:w-60">
      <SearchMark />
      <Input
        type="search"
        className="ps-8!"
        aria-label={t('developers.requests.pathOrId')}
        placeholder={t('developers.requests.pathOrId')}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { exact, number, precise } = useFormat();
  return [
    {
      head: t('developers.requests.at'),
      look: 'num text-muted',
      title: ({ at }: ApiRequest) => exact(at),
      cell: ({ at }: ApiRequest) => <bdi dir="ltr">{precise(at)}</bdi>,
    },
    {
      head: t('developers.requests.request'),
      look: 'wide small-full',
      cell: (request: ApiRequest) => <Asked request={request} />,
    },
    {
      head: t('developers.requests.status'),
      cell: ({ status }: ApiRequest) => <HttpStatus status={status} />,
    },
    {
      head: t('developers.requests.took'),
      end: true,
      look: 'num',
      cell: ({ duration_ms: took }: ApiRequest) => (
        <span className={took >= slowMs ? 'text-danger' : 'text-muted'}>
          {t('developers.ms', { number: number(took) })}
        </span>
      ),
    },
    {
      head: t('developers.requests.by'),
      look: 'max-w-40',
      title: ({ address }: ApiRequest) => address ?? undefined,
      cell: ({ caller }: ApiRequest) => (
        <Link to="/developers/requests" search={before => ({ ...before, by: caller.id })} className="cut block link">
          <bdi>{caller.name ?? caller.id}</bdi>
        </Link>
      ),
    },
    {
      head: t('developers.requests.id'),
      look: 'small-full max-w-40 text-muted',
      title: ({ request_id }: ApiRequest) => request_id,
      cell: ({ request_id }: ApiRequest) => (
        <code dir="ltr" className="cut block">
          {request_id}
        </code>
      ),
    },
  ];
}

function Asked({ request: { method, path, code } }: { request: ApiRequest }) {
  return (
    <>
      <code dir="ltr" className="wrap-anywhere">
        <span className="text-muted">{method}</span> {path.replace('/api/v1', '')}
      </code>
      {code !== null && <code className="block text-12 text-muted">{code}</code>}
    </>
  );
}
