// Settings, audit log: who did what, on what, from where, and the file of it.
import type { AuditEntry } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Shield } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Chip, Chips } from '../../components/choose.tsx';
import { CodeBlock } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input, SearchMark } from '../../components/field.tsx';
import { ListPage } from '../../components/list-page.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { SearchSelect } from '../../components/search-select.tsx';
import { Empty } from '../../components/states.tsx';
import { type AuditFilter, auditQuery, exportAudit } from '../../data/audit.ts';
import { allKeysQuery } from '../../data/keys.ts';
import { useMay } from '../../data/me.ts';
import { allPeopleQuery } from '../../data/people.ts';
import { useFormat } from '../../kit/format.ts';
import { saveFile } from '../../kit/save-file.ts';
import { useAction } from '../../kit/use-action.ts';
import { SettingsTabs } from '../settings-tabs.tsx';
import { type AuditSearch, auditRanges, filterOf, isAction, isTarget } from './search.ts';
import { Target } from './target.tsx';

export function AuditPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/inside/settings/audit' });
  const navigate = useNavigate();
  const change = (some: Partial<AuditSearch>) =>
    void navigate({
      to: '/settings/audit',
      search: before => ({ ...before, ...some }),
      replace: true,
      resetScroll: false,
    });
  const filter = filterOf(search);
  const list = useInfiniteQuery(auditQuery(filter));
  const [shown, setShown] = useState<AuditEntry>();
  const isFiltered = Object.keys(filter).length > 0;
  const query = new URLSearchParams(filter as Record<string, string>);
  return (
    <ListPage
      title={t('settings.title')}
      example={{
        method: 'GET',
        path: `/api/v1/audit${isFiltered ? `?${query}` : ''}`,
        sdk: `for await (const entry of recado.audit.list(${isFiltered ? JSON.stringify(filter) : ''}))\n  console.log(entry.at, entry.actor.name, entry.action);`,
      }}
      buttons={<Export filter={filter} />}
      tabs={count => <SettingsTabs count={count} />}
      before={<Filters search={search} rows={list.data?.rows} onChange={change} />}
      list={list}
      label={t('audit.title')}
      failed={t('audit.failed')}
      skeletonRows={8}
      short
      columns={useColumns(setShown)}
      empty={
        <Empty icon={Shield} title={t('audit.nothingFits')}>
          {t('audit.emptyWords')}
        </Empty>
      }
    >
      {shown && (
        <Dialog open wide onClose={() => setShown(undefined)} title={shown.action}>
          <CodeBlock tabs={{ [t('audit.entry')]: JSON.stringify(shown, undefined, 2) }} />
        </Dialog>
      )}
    </ListPage>
  );
}

function useColumns(onShow: (entry: AuditEntry) => void) {
  const { t } = useTranslation();
  const { exact, when } = useFormat();
  const actorName = ({ actor }: AuditEntry) =>
    actor.name ?? (actor.id === null ? t(`audit.actor.${actor.kind}`) : actor.id);
  return [
    {
      head: t('audit.when'),
      look: 'num text-muted',
      title: ({ at }: AuditEntry) => exact(at),
      cell: ({ at }: AuditEntry) => when(at),
    },
    {
      head: t('audit.who'),
      look: 'max-w-44 font-medium',
      cell: (entry: AuditEntry) => <bdi className="cut block">{actorName(entry)}</bdi>,
    },
    {
      head: t('audit.what'),
      look: 'small-full',
      cell: (entry: AuditEntry) => (
        <button type="button" className="link" onClick={() => onShow(entry)}>
          <code dir="ltr">{entry.action}</code>
        </button>
      ),
    },
    {
      head: t('audit.on'),
      look: 'small-full max-w-48 text-muted',
      cell: ({ target }: AuditEntry) => target && <Target target={target} />,
    },
    {
      head: t('audit.inWords'),
      look: 'wide small-full max-w-72 text-muted',
      title: ({ detail }: AuditEntry) => wordsOf(detail),
      cell: ({ detail }: AuditEntry) => (
        <bdi dir="ltr" className="cut block">
          {wordsOf(detail)}
        </bdi>
      ),
    },
    {
      head: t('audit.address'),
      end: true,
      look: 'small-hidden text-muted',
      cell: ({ address }: AuditEntry) => <code dir="ltr">{address}</code>,
    },
  ];
}

/** What the entry adds: names and values. */
const wordsOf = (detail: AuditEntry['detail']): string =>
  Object.entries(detail)
    .map(([name, value]) => [name, wordOf(value)] as const)
    .filter(([, word]) => word !== '')
    .map(([name, word]) => `${name} ${word}`)
    .join(', ');

const wordOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(wordOf).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

interface FiltersProps {
  search: AuditSearch;
  rows: readonly AuditEntry[] | undefined;
  onChange: (some: Partial<AuditSearch>) => void;
}

function Filters({ search, rows = [], onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { since, on } = search;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <OnField onId={id => onChange({ on: id })} />
      <WhoFilter who={search.who} onChange={who => onChange({ who })} />
      <WhatFilter what={search.what} rows={rows} onChange={what => onChange({ what })} />
      <Chips label={t('audit.time')}>
        <Chip pressed={since === undefined} onClick={() => onChange({ since: undefined })}>
          {t('audit.all')}
        </Chip>
        {(Object.keys(auditRanges) as (keyof typeof auditRanges)[]).map(each => (
          <Chip key={each} pressed={since === each} onClick={() => onChange({ since: each })}>
            {t(`audit.range.${each}`)}
          </Chip>
        ))}
      </Chips>
      {on !== undefined && (
        <Chip pressed removable onClick={() => onChange({ on: undefined })}>
          <code dir="ltr">{`${on.slice(0, 8)}…${on.slice(-4)}`}</code>
        </Chip>
      )}
    </div>
  );
}

/** An id that is pasted becomes a filter. */
function OnField({ onId }: { onId: (id: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const id = typed.trim();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onId` is new for each address
  useEffect(() => {
    if (!isTarget(id)) return;
    onId(id);
    setTyped('');
  }, [id]);
  return (
    <div className="relative w-full md:w-52">
      <SearchMark />
      <Input
        type="search"
        className="ps-8!"
        aria-label={t('audit.onWhat')}
        placeholder={t('audit.onWhat')}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}

const fits = (text: string) => {
  const wanted = text.trim().toLowerCase();
  return ({ label }: { label: string }) => label.toLowerCase().includes(wanted);
};

function WhoFilter({ who, onChange }: { who: string | undefined; onChange: (who: string | undefined) => void }) {
  const { t } = useTranslation();
  const people = useQuery({ ...allPeopleQuery, enabled: useMay('people.read') }).data?.rows ?? [];
  const keys = useQuery({ ...allKeysQuery, enabled: useMay('keys.read') }).data?.rows ?? [];
  const everybody = t('audit.everybody');
  const options = [
    { value: '', label: everybody },
    ...people.map(({ id, name, email }) => ({ value: id, label: name, detail: email })),
    ...keys.map(({ id, name, hint }) => ({ value: id, label: name, detail: `${hint}…` })),
  ];
  return (
    <Field label={t('audit.who')} isLabelHidden className="w-full md:w-44">
      <SearchSelect
        label={t('audit.who')}
        value={who ?? ''}
        shown={who === undefined ? everybody : (options.find(({ value }) => value === who)?.label ?? who)}
        find={text => options.filter(fits(text))}
        onChange={value => onChange(value === '' ? undefined : value)}
      />
    </Field>
  );
}

interface WhatFilterProps {
  what: string | undefined;
  rows: readonly AuditEntry[];
  onChange: (what: string | undefined) => void;
}

/** The actions of the loaded entries and their groups. Others are typed. */
function WhatFilter({ what, rows, onChange }: WhatFilterProps) {
  const { t } = useTranslation();
  const all = t('audit.everything');
  const actions = [...new Set(rows.map(({ action }) => action))].sort();
  const groups = [...new Set(actions.map(action => `${action.split('.')[0]}.`))];
  function find(text: string) {
    const typed = text.trim();
    const known = [{ value: '', label: all }, ...[...groups, ...actions].map(value => ({ value, label: value }))];
    const found = known.filter(fits(typed));
    return isAction(typed) && !found.some(({ value }) => value === typed)
      ? [...found, { value: typed, label: typed }]
      : found;
  }
  return (
    <Field label={t('audit.what')} isLabelHidden className="w-full md:w-44">
      <SearchSelect
        label={t('audit.what')}
        value={what ?? ''}
        shown={what ?? all}
        find={find}
        onChange={value => onChange(value === '' ? undefined : value)}
      />
    </Field>
  );
}

const types = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

function Export({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation();
  const save = useAction({
    act: async (format: keyof typeof types) => ({ format, text: await exportAudit({ format, ...filter }) }),
    onDone: ({ format, text }) => saveFile(`audit.${format}`, text, types[format]),
  });
  return (
    <Menu
      label={t('audit.export')}
      trigger={
        <Button kind="line" icon={Download} busy={save.isPending}>
          {t('audit.export')}
        </Button>
      }
    >
      <MenuItem onSelect={() => save.mutate('csv')}>{t('audit.csv')}</MenuItem>
      <MenuItem onSelect={() => save.mutate('ndjson')}>{t('audit.ndjson')}</MenuItem>
    </Menu>
  );
}
