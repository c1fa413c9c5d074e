// All imports, newest first.
import type { Import } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileSpreadsheet, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../../components/button.tsx';
import { ListPage } from '../../../../components/list-page.tsx';
import { Pill } from '../../../../components/marks.tsx';
import { Empty } from '../../../../components/states.tsx';
import { importsQuery } from '../../../../data/imports.ts';
import { useMay, useMe } from '../../../../data/me.ts';
import { allPeopleQuery } from '../../../../data/people.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useNow } from '../../../../kit/use-now.ts';
import { ContactsTabs } from '../../tabs.tsx';
import { stateLooks } from '../words.ts';

const minuteMs = 60_000;

export function ImportsPage() {
  const { t } = useTranslation();
  const example = {
    method: 'GET',
    path: '/api/v1/imports',
    sdk: 'for await (const each of recado.imports.list()) console.log(each.name, each.state, each.counts);',
  };
  const upload = (kind: 'primary' | 'line') => (
    <Link to="/contacts/import" className={buttonLook(kind)}>
      <Upload size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      {t('imports.importTitle')}
    </Link>
  );
  return (
    <ListPage
      title={t('contacts.title')}
      example={example}
      buttons={upload('primary')}
      tabs={count => <ContactsTabs count={count} />}
      list={useInfiniteQuery(importsQuery)}
      label={t('imports.title')}
      failed={t('imports.failed')}
      columns={useColumns()}
      short
      empty={
        <Empty icon={FileSpreadsheet} title={t('imports.empty')} action={upload('line')}>
          {t('imports.emptyWords')}
        </Empty>
      }
    />
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { number, when, exact, day } = useFormat();
  const nameOf = useUploaderName();
  const now = useNow(minuteMs);
  // Nothing where nothing is counted yet.
  const figure = (head: string, countOf: (given: Import) => number | null) => ({
    head,
    end: true,
    look: 'small-hidden',
    cell: (given: Import) => {
      const count = countOf(given);
      return count !== null && number(count);
    },
  });
  const ran = (name: 'created' | 'updated') => (given: Import) =>
    given.started_at === null ? null : given.counts[name];
  return [
    {
      head: t('imports.list.file'),
      look: 'wide',
      cell: ({ id, name }: Import) => (
        <Link
          to="/contacts/import/$importId"
          params={{ importId: id }}
          className="cut block font-medium text-text no-underline hover:underline"
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { head: t('imports.list.state'), cell: ({ state }: Import) => <StatePill state={state} /> },
    figure(t('imports.list.rows'), ({ counts }) => counts.rows),
    figure(t('imports.list.created'), ran('created')),
    figure(t('imports.list.updated'), ran('updated')),
    figure(t('imports.list.invalid'), ({ checked_at: at, counts }) => (at === null ? null : counts.invalid)),
    {
      head: t('imports.list.undoUntil'),
      look: 'small-hidden text-muted',
      title: ({ undo_until: at }: Import) => (at === null ? undefined : exact(at)),
      cell: ({ undo_until: at }: Import) => at !== null && Date.parse(at) > now && day(at),
    },
    {
      head: t('imports.list.by'),
      look: 'small-hidden text-muted max-w-40 cut',
      cell: (given: Import) => <bdi>{nameOf(given)}</bdi>,
    },
    {
      head: t('imports.list.uploaded'),
      end: true,
      look: 'text-muted',
      title: ({ created_at: at }: Import) => exact(at),
      cell: ({ created_at: at }: Import) => when(at),
    },
  ];
}

function StatePill({ state }: Pick<Import, 'state'>) {
  const { t } = useTranslation();
  const { tone, icon } = stateLooks[state];
  return (
    <Pill tone={tone} icon={icon}>
      {t(`imports.state.${state}`)}
    </Pill>
  );
}

/** Who uploaded a file: the reader, a colleague whom they may see, or a program. */
function useUploaderName(): (given: Import) => string {
  const { t } = useTranslation();
  const me = useMe();
  const mayRead = useMay('people.read');
  const people = useQuery({ ...allPeopleQuery, enabled: mayRead }).data?.rows ?? [];
  return ({ created_by: by }) => {
    if (by === me.person?.id) return t('imports.list.you');
    if (by.startsWith('key_')) return t('imports.list.byKey');
    return people.find(({ id }) => id === by)?.name ?? '';
  };
}
