// The parts for developers that the person may see.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../../components/choose.tsx';
import { useMe } from '../../data/me.ts';

const parts = [
  { to: '/developers/endpoints', name: 'endpoints', permission: 'endpoints.read' },
  { to: '/developers/events', name: 'events', permission: 'endpoints.read' },
  { to: '/developers/hooks', name: 'hooks', permission: 'hooks.manage' },
  { to: '/developers/requests', name: 'requests', permission: 'requests.read' },
  { to: '/developers/dead-letters', name: 'letters', permission: 'inbound.manage' },
] as const;

/** `count` stands beside the current one. */
export function DevelopersTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  const { permissions } = useMe();
  return (
    <TabLinks label={t('developers.parts')}>
      {parts
        .filter(({ permission }) => permissions.has(permission))
        .map(({ to, name }) => (
          <Link key={to} to={to} className={tabLook} activeOptions={{ includeSearch: false }}>
            {({ isActive }) => (
              <>
                {t(`developers.${name}.title`)}
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
