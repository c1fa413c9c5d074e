// The parts of the settings. The frame of the app knows their pages.
import { Link, type LinkProps, useRouterState } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../components/choose.tsx';
import type { SettingsTab } from '../kit/page.ts';

interface Part {
  path: NonNullable<LinkProps['to']>;
  tab: SettingsTab;
}

/** The parts that the person may see, in order. */
export const SettingsParts = createContext<readonly Part[]>([]);

/** What is of the person, and not of the workspace. It stays in one row. */
const ofPerson: readonly SettingsTab[] = ['you', 'yourNotifications', 'sessions'];

/** `count` stands beside the current one. */
export function SettingsTabs({ count }: { count?: string | undefined }) {
  const { t } = useTranslation();
  const parts = useContext(SettingsParts);
  const row = useRef<HTMLSpanElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // On a phone the current one may be out of sight; only its row moves.
  useEffect(() => {
    const nav = row.current?.parentElement;
    const current = nav?.querySelector<HTMLElement>(`a[href="${path}"]`);
    if (nav && current) nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  }, [path]);
  const links = (isOfPerson: boolean) =>
    parts
      .filter(({ tab }) => ofPerson.includes(tab) === isOfPerson)
      .toSorted((one, other) => ofPerson.indexOf(one.tab) - ofPerson.indexOf(other.tab))
      .map(({ path, tab }) => (
        <Link key={path} to={path} className={tabLook}>
          {({ isActive }) => (
            <>
              {t(`${tab}.title`)}
              {isActive && count !== undefined && <span className="num text-13 font-regular text-faint">{count}</span>}
            </>
          )}
        </Link>
      ));
  return (
    <TabLinks label={t('settings.parts')} wraps>
      {links(false)}
      <span ref={row} className="flex gap-5">
        {links(true)}
      </span>
    </TabLinks>
  );
}
