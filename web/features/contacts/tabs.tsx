// The parts of the contacts, for somebody who may see more than one.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../../components/choose.tsx';
import { useMayEverywhere } from '../../data/me.ts';

/** `count` stands beside the current one. */
export function ContactsTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  const mayImport = useMayEverywhere('contacts.import');
  if (!mayImport) return null;
  const tabs = [
    { to: '/contacts', name: t('imports.people') },
    { to: '/contacts/imports', name: t('imports.title') },
  ] as const;
  return (
    <TabLinks label={t('imports.parts')}>
      {tabs.map(({ to, name }) => (
        <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }} className={tabLook}>
          {({ isActive }) => (
            <>
              {name}
              {isActive && count !== undefined && <span className="num text-13 font-regular text-faint">{count}</span>}
            </>
          )}
        </Link>
      ))}
    </TabLinks>
  );
}
