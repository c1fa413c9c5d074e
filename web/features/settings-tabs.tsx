// The parts of the settings. The frame of the app knows their pages.
import { Link, type LinkProps } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../components/choose.tsx';
import type { SettingsTab } from '../kit/page.ts';

interface Part {
  path: NonNullable<LinkProps['to']>;
  tab: SettingsTab;
}

/** The parts that the person may see, in order. */
export const SettingsParts = createContext<readonly Part[]>([]);

/** `count` stands beside the current one. */
export function SettingsTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <TabLinks label={t('settings.parts')}>
      {useContext(SettingsParts).map(({ path, tab }) => (
        <Link key={path} to={path} className={tabLook}>
          {({ isActive }) => (
            <>
              {t(`${tab}.title`)}
              {isActive && count !== undefined && <span className="num text-13 font-regular text-faint">{count}</span>}
            </>
          )}
        </Link>
      ))}
    </TabLinks>
  );
}
