// The parts of the contacts: people, segments, static lists, and imports for people who may import.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../../components/choose.tsx';
import { useMayEverywhere } from '../../data/me.ts';
import { segmentsQuery } from '../../data/segments.ts';
import { useFormat } from '../../kit/format.ts';

/** `count` stands beside the current one. */
export function ContactsTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayImport = useMayEverywhere('contacts.import');
  const segments = useQuery(segmentsQuery).data;
  const countOf = (kind: 'filter' | 'list') =>
    segments && number(segments.filter(segment => segment.kind === kind).length);
  const all = { activeOptions: { exact: true, includeSearch: false }, count: undefined, search: {} } as const;
  const exact = { exact: true, includeSearch: true } as const;
  const tabs = [
    { ...all, to: '/contacts', name: t('imports.people') },
    {
      to: '/contacts/segments',
      name: t('segments.tabs.segments'),
      count: countOf('filter'),
      search: {},
      activeOptions: exact,
    },
    {
      to: '/contacts/segments',
      name: t('segments.tabs.lists'),
      count: countOf('list'),
      search: { kind: 'list' },
      activeOptions: exact,
    },
    ...(mayImport ? [{ ...all, to: '/contacts/imports', name: t('imports.title') } as const] : []),
  ] as const;
  return (
    <TabLinks label={t('imports.parts')}>
      {tabs.map(({ name, count: own, ...link }) => (
        <Link key={name} {...link} className={tabLook}>
          {({ isActive }) => {
            const shown = own ?? (isActive ? count : undefined);
            return (
              <>
                {name}
                {shown !== undefined && <span className="num text-13 font-regular text-faint">{shown}</span>}
              </>
            );
          }}
        </Link>
      ))}
    </TabLinks>
  );
}
