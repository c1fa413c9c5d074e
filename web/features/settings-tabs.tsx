// The parts of the settings.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../components/choose.tsx';
import { useMay } from '../data/me.ts';

/** `count` stands beside the current one. */
export function SettingsTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  const tabs = [
    { to: '/settings/people', label: t('people.title'), shown: useMay('people.read') },
    { to: '/settings/keys', label: t('keys.title'), shown: useMay('keys.read') },
    { to: '/settings/you', label: t('you.title'), shown: true },
  ] as const;
  return (
    <TabLinks label={t('settings.parts')}>
      {tabs
        .filter(({ shown }) => shown)
        .map(({ to, label }) => (
          <Link key={to} to={to} className={tabLook}>
            {({ isActive }) => (
              <>
                {label}
                {isActive && count !== undefined && (
                  <span className="num text-13 font-regular text-faint">{count}</span>
                )}
              </>
            )}
          </Link>
        ))}
    </TabLinks>
  );
}
