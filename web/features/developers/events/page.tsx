// Developers, event log: what happened in the workspace, newest first and live.
import type { RecadoEvent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pause, Play, ScrollText } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Chip } from '../../../components/choose.tsx';
import { Field, Input, SearchMark } from '../../../components/field.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Dot } from '../../../components/marks.tsx';
import { Page } from '../../../components/page.tsx';
import { SearchSelect } from '../../../components/search-select.tsx';
import { Empty } from '../../../components/states.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { eventTypesQuery } from '../../../data/events.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useConnection } from '../../../kit/live.ts';
import { useNow } from '../../../kit/use-now.ts';
import { ChoiceChip } from '../choice-chip.tsx';
import { DevelopersTabs } from '../tabs.tsx';
import { About, usePeopleOf } from './about.tsx';
import { EventDetail } from './detail.tsx';
import { useLiveLog } from './live.ts';
import { Mark } from './mark.tsx';
import { type EventsSearch, filterOf, isId } from './search.ts';

export function EventsPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const search = useSearch({ from: '/inside/developers/events' });
  const navigate = useNavigate();
  const change = (some: Partial<EventsSearch>) =>
    void navigate({
      to: '/developers/events',
      search: before => ({ ...before, ...some }),
      replace: true,
      resetScroll: false,
    });
  const log = useLiveLog(search);
  const { list, held } = log;
  const filter = filterOf(search);
  const query = new URLSearchParams(
    Object.entries({ before: 'latest', ...filter }).map(([name, value]) => [name, String(value)]),
  );
  const isFiltered = Object.keys(filter).length > 0;
  const open = search.event;
  const people = usePeopleOf(list.data?.rows ?? []);
  return (
    <Page
      title={t('developers.title')}
      example={{
        method: 'GET',
        path: `/api/v1/events?${query}`,
        sdk: `const { data } = await recado.events.list(${JSON.stringify({ before: 'latest', ...filter })});\n\nfor await (const event of recado.events.stream())\n  console.log(event.type, event.id);`,
      }}
    >
      <DevelopersTabs />
      <div className="flex flex-wrap items-center gap-2">
        <Filters search={search} onChange={change} />
        <span className="flex-1" />
        {search.until === undefined && <Live log={log} />}
      </div>
      <LiveBanner />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
        <div className={`grid grid-cols-[minmax(0,1fr)] gap-2 ${open ? 'lg:col-span-7' : 'lg:col-span-12'}`}>
          <div className="flex min-h-5 flex-wrap items-center justify-between gap-3 text-13 text-muted">
            <span role="status">
              {held > 0 && (
                <button type="button" className="link" onClick={log.show}>
                  {t('developers.events.newAbove', { shown: number(held) })}
                </button>
              )}
            </span>
            <span>{t('developers.events.kept')}</span>
          </div>
          <ListTable
            // How many there are is not counted: the log is long.
            list={{ ...list, hasNextPage: false }}
            label={t('developers.events.title')}
            failed={t('developers.events.failed')}
            skeletonRows={8}
            short
            columns={useColumns(open, people, event => change({ event: event.id }))}
            empty={
              <Empty
                icon={ScrollText}
                title={t(isFiltered ? 'developers.events.nothingFits' : 'developers.events.empty')}
              >
                {t('developers.events.emptyWords')}
              </Empty>
            }
          />
          {list.hasNextPage && (
            <div className="flex justify-end">
              <Button kind="line" size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('developers.events.earlier')}
              </Button>
            </div>
          )}
        </div>
        {open !== undefined && (
          <EventDetail
            key={open}
            id={open}
            listed={list.data?.rows.find(({ id }) => id === open)}
            onClose={() => change({ event: undefined })}
          />
        )}
      </div>
    </Page>
  );
}

function useColumns(
  open: string | undefined,
  people: ReturnType<typeof usePeopleOf>,
  onOpen: (event: RecadoEvent) => void,
) {
  const { t } = useTranslation();
  const { exact, precise, when } = useFormat();
  const isToday = (at: string) => new Date(at).toDateString() === new Date().toDateString();
  return [
    {
      head: t('developers.events.at'),
      look: 'num text-muted',
      title: ({ timestamp }: RecadoEvent) => exact(timestamp),
      cell: ({ timestamp: at }: RecadoEvent) => (
        <bdi dir={isToday(at) ? 'ltr' : undefined}>{isToday(at) ? precise(at) : when(at)}</bdi>
      ),
    },
    {
      head: t('developers.events.event'),
      look: 'small-full',
      cell: (event: RecadoEvent) => (
        <button
          type="button"
          aria-pressed={event.id === open}
          className="flex items-center gap-2 hover:underline aria-pressed:font-strong aria-pressed:text-accent-text"
          onClick={() => onOpen(event)}
        >
          <Mark type={event.type} />
          <code dir="ltr">{event.type}</code>
        </button>
      ),
    },
    {
      head: t('developers.events.about'),
      look: 'wide small-full max-w-60',
      cell: (event: RecadoEvent) => <About event={event} people={people} />,
    },
  ];
}

/** Whether new events come, how many, and the pause. */
function Live({ log }: { log: ReturnType<typeof useLiveLog> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const isLive = useConnection() === 'live';
  const now = useNow(5_000);
  const rows = log.list.data?.rows ?? [];
  const lately = rows.filter(({ timestamp }) => Date.parse(timestamp) > now - 60_000).length;
  // More than are loaded may have come.
  const count = lately === rows.length && log.list.hasNextPage ? `${number(lately)}+` : number(lately);
  return (
    <span className="flex items-center gap-3 text-13">
      <span className="flex items-center gap-2">
        <Dot health={isLive && !log.isPaused ? 'success' : 'off'} />
        <span className="num text-muted">
          {log.isPaused ? t('developers.events.paused') : t('developers.events.aMinute', { shown: count })}
        </span>
      </span>
      <Button
        kind="line"
        size="small"
        icon={log.isPaused ? Play : Pause}
        onClick={log.isPaused ? log.resume : log.pause}
      >
        {t(log.isPaused ? 'developers.events.resume' : 'developers.events.pause')}
      </Button>
    </span>
  );
}

function LiveBanner() {
  const { t } = useTranslation();
  if (useConnection() !== 'offline') return null;
  return (
    <Banner tone="quiet" title={t('developers.events.notLive')}>
      {t('developers.events.notLiveWords')}
    </Banner>
  );
}

interface FiltersProps {
  search: EventsSearch;
  onChange: (some: Partial<EventsSearch>) => void;
}

function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { about, until } = search;
  return (
    <>
      <IdField
        onId={id => onChange(id.startsWith('evt_') ? { event: id } : { about: id })}
        label={t('developers.events.idOf')}
        placeholder={t('developers.events.pasteId')}
      />
      <TypeFilter type={search.type} onChange={type => onChange({ type })} />
      <AccountFilter account={search.account} onChange={account => onChange({ account })} />
      {about !== undefined && (
        <Chip pressed removable onClick={() => onChange({ about: undefined })}>
          <code dir="ltr">{`${about.slice(0, 8)}…${about.slice(-4)}`}</code>
        </Chip>
      )}
      <UntilField until={until} onChange={next => onChange({ until: next })} />
    </>
  );
}

interface UntilFieldProps {
  until: string | undefined;
  onChange: (until: string | undefined) => void;
}

function UntilField({ until, onChange }: UntilFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <span className="flex items-center gap-2 text-13 text-muted">
      <label htmlFor={id}>{t('developers.events.until')}</label>
      <Input
        id={id}
        type="datetime-local"
        className="h-control-s! w-auto! text-13"
        value={until ?? ''}
        onChange={({ target }) => onChange(target.value || undefined)}
      />
    </span>
  );
}

interface IdFieldProps {
  label: string;
  placeholder: string;
  onId: (id: string) => void;
}

function IdField({ label, placeholder, onId }: IdFieldProps) {
  const [typed, setTyped] = useState('');
  const id = typed.trim();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onId` is new for each address
  useEffect(() => {
    if (!isId(id)) return;
    onId(id);
    setTyped('');
  }, [id]);
  return (
    <div className="relative w-full md:w-44">
      <SearchMark />
      <Input
        type="search"
        className="ps-8!"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}

interface TypeFilterProps {
  type: EventsSearch['type'];
  onChange: (type: EventsSearch['type']) => void;
}

function TypeFilter({ type, onChange }: TypeFilterProps) {
  const { t } = useTranslation();
  const { data: types = [] } = useQuery(eventTypesQuery);
  const groups = [...new Set(types.map(each => `${each.split('.')[0]}.*`))];
  const all = t('developers.events.allTypes');
  const options = [{ value: '', label: all }, ...[...groups, ...types].map(value => ({ value, label: value }))];
  return (
    <Field label={t('developers.events.type')} isLabelHidden className="w-full md:w-52">
      <SearchSelect
        label={t('developers.events.type')}
        value={type ?? ''}
        shown={type ?? all}
        find={text => options.filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))}
        onChange={value => onChange(value === '' ? undefined : (value as EventsSearch['type']))}
      />
    </Field>
  );
}

interface AccountFilterProps {
  account: string | undefined;
  onChange: (account: string | undefined) => void;
}

function AccountFilter({ account, onChange }: AccountFilterProps) {
  const { t } = useTranslation();
  const accounts = useAccounts(useMay('accounts.read'));
  if (account === undefined && accounts.length < 2) return null;
  return (
    <ChoiceChip
      label={t('developers.letters.account')}
      value={account}
      options={accounts.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={onChange}
    />
  );
}
