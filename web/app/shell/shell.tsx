// The frame of every page behind the login: navigation, keys, palette, help, and whether the network is there.
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Ellipsis, Search as SearchIcon } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '../../components/marks.tsx';
import { useMe } from '../../data/me.ts';
import { useIsTeam } from '../../data/people.ts';
import { RemoveDemoDialog } from '../../features/demo/pages.ts';
import { countUnsent } from '../../features/inbox/pages.ts';
import { SettingsParts } from '../../features/settings-tabs.tsx';
import { cx } from '../../kit/class-names.ts';
import { keycapsOf, useHotkeys } from '../../kit/hotkeys.ts';
import { loadPartsAtRest } from '../../kit/lazy.ts';
import { cyclePanes } from '../../kit/panes.ts';
import { Badge } from './badge.tsx';
import { type Badges, useBadges } from './badges.ts';
import { HelpSheet } from './help-sheet.tsx';
import { LogOutDialog } from './log-out-dialog.tsx';
import { navLook, navWord } from './nav-look.ts';
import { type Place, placesFor, settingsFor } from './navigation.ts';
import { Notices } from './notices.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Palette } from './palette.tsx';
import { PersonMenu } from './person-menu.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { useLogOut } from './use-log-out.ts';

type Open = 'palette' | 'help' | 'logOut' | 'removeDemo' | undefined;

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>();
  const [foldedByHand, setFolded] = useState(() => localStorage.getItem(foldedKey) === 'true');
  // The inbox fills the window, and its panes scroll; it has room for the icons only.
  const fillsWindow = useRouterState({ select: ({ location }) => /^\/inbox(\/|$)/.test(location.pathname) });
  // On a phone the messages need the room of the bar.
  const isConversation = useRouterState({ select: ({ location }) => /^\/inbox\/./.test(location.pathname) });
  const folded = foldedByHand || fillsWindow;
  const places = placesFor(me.permissions);
  const isTeam = useIsTeam();
  const settings = useMemo(
    () => settingsFor(me.permissions).filter(page => isTeam || !('isOfTeams' in page)),
    [me.permissions, isTeam],
  );
  const badges = useBadges();
  const logOut = useLogOut();
  const leave = () => {
    const { drafts, messages } = countUnsent();
    if (drafts + messages > 0) setOpen('logOut');
    else void logOut();
  };
  const removeDemo = () => setOpen('removeDemo');
  const fold = () => {
    localStorage.setItem(foldedKey, String(!foldedByHand));
    setFolded(!foldedByHand);
  };
  useHotkeys({
    palette: () => setOpen('palette'),
    help: () => setOpen('help'),
    // There the same key goes to the conversation before.
    fold: fillsWindow ? undefined : fold,
    panes: () => cyclePanes(1),
    panesBack: () => cyclePanes(-1),
    ...Object.fromEntries(places.map(({ hotkey, to }) => [hotkey, () => void navigate({ to })])),
  });
  useEffect(() => void loadPartsAtRest(() => client.isFetching() > 0), [client]);

  return (
    <div
      className={cx(
        'min-h-dvh pb-(--tabbar) md:grid md:grid-cols-[var(--rail)_minmax(0,1fr)] md:pb-0',
        fillsWindow && 'h-dvh',
        !folded && 'xl:grid-cols-[var(--nav)_minmax(0,1fr)]',
      )}
    >
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-(--z-toast) focus:rounded-control focus:bg-raised focus:px-3 focus:py-2 focus:shadow-float"
      >
        {t('nav.skip')}
      </a>
      <Navigation
        places={places}
        badges={badges}
        folded={folded}
        onSearch={() => setOpen('palette')}
        onLogOut={leave}
        onRemoveDemo={removeDemo}
      />
      <div className={cx('flex min-w-0 flex-col', fillsWindow && 'h-full min-h-0')}>
        <OfflineBanner />
        {me.permissions.has('messages.read') && <Notices />}
        <SettingsParts value={settings}>
          <Outlet />
        </SettingsParts>
      </div>
      {!isConversation && <TabBar places={places} badges={badges} onMore={() => setOpen('palette')} />}
      <Palette
        open={open === 'palette'}
        onClose={() => setOpen(undefined)}
        onHelp={() => setOpen('help')}
        onLogOut={leave}
        onRemoveDemo={removeDemo}
      />
      {open === 'removeDemo' && <RemoveDemoDialog onClose={() => setOpen(undefined)} />}
      {open === 'logOut' && <LogOutDialog onClose={() => setOpen(undefined)} logOut={logOut} />}
      <HelpSheet open={open === 'help'} onClose={() => setOpen(undefined)} places={places} />
    </div>
  );
}

const foldedKey = 'recado.folded';

function useIsAt(): (place: Place) => boolean {
  const path = useRouterState({ select: state => state.location.pathname });
  return ({ to }) => path.startsWith(`/${to.split('/')[1]}`);
}

interface NavigationProps {
  places: Place[];
  badges: Badges;
  folded: boolean;
  onSearch: () => void;
  onLogOut: () => void;
  onRemoveDemo: () => void;
}

function Navigation({ places, badges, folded, onSearch, onLogOut, onRemoveDemo }: NavigationProps) {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const isAt = useIsAt();
  return (
    <nav
      aria-label={t('nav.label')}
      data-pane
      className="sticky top-0 z-(--z-nav) hidden h-dvh flex-col gap-0.5 overflow-hidden border-e border-border bg-canvas p-3 md:flex"
    >
      <Link
        to="/"
        className={cx(
          'mb-2 flex min-h-10 items-center justify-center gap-2.5 rounded-control font-strong',
          !folded && 'xl:justify-start xl:px-1.5',
        )}
      >
        <Logo />
        <span className={cx('sr-only min-w-0 leading-4.5', !folded && 'xl:not-sr-only')}>
          {t('app.name')}
          <small title={workspace.name} className="line-clamp-2 text-12/4 font-regular wrap-anywhere text-faint">
            <bdi>{workspace.name}</bdi>
          </small>
        </span>
      </Link>
      {places.map(place => (
        <Link
          key={place.name}
          to={place.to}
          title={t(`nav.${place.name}`)}
          aria-current={isAt(place) ? 'page' : undefined}
          className={cx('relative', navLook(folded))}
        >
          <place.icon size={18} strokeWidth={1.6} aria-hidden="true" />
          <span className={navWord(folded)}>{t(`nav.${place.name}`)}</span>
          <Badge name={place.name} count={badges[place.name]} inLine={!folded} />
        </Link>
      ))}
      <div className="mt-auto grid gap-0.5">
        <SearchButton folded={folded} onSearch={onSearch} />
        <PersonMenu folded={folded} onLogOut={onLogOut} onRemoveDemo={onRemoveDemo} />
        <ThemeMenu folded={folded} />
      </div>
    </nav>
  );
}

function SearchButton({ folded, onSearch }: { folded: boolean; onSearch: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" onClick={onSearch} title={t('nav.search')} className={navLook(folded)}>
      <SearchIcon size={18} strokeWidth={1.6} aria-hidden="true" />
      <span className={navWord(folded)}>{t('nav.search')}</span>
      <span className={cx('ms-auto hidden text-12 text-faint', !folded && 'xl:inline')} aria-hidden="true">
        {keycapsOf('palette').join(' ')}
      </span>
    </button>
  );
}

/** More would cut their words at 360 px; the others are behind "More". */
const mostTabs = 4;

function TabBar({ places, badges, onMore }: Pick<NavigationProps, 'places' | 'badges'> & { onMore: () => void }) {
  const { t } = useTranslation();
  const isAt = useIsAt();
  const look =
    'relative grid grid-cols-[minmax(0,1fr)] content-center justify-items-center gap-1 text-12 text-muted aria-[current=page]:font-medium aria-[current=page]:text-accent-text';
  return (
    <nav
      aria-label={t('nav.label')}
      data-tabbar
      className="fixed inset-x-0 bottom-0 z-(--z-nav) grid h-(--tabbar) auto-cols-fr grid-flow-col border-t border-border bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.slice(0, mostTabs).map(place => (
        <Link key={place.name} to={place.to} aria-current={isAt(place) ? 'page' : undefined} className={look}>
          <place.icon size={20} strokeWidth={1.6} aria-hidden="true" />
          <span className="cut max-w-full px-0.5">{t(`nav.${place.name}`)}</span>
          <Badge name={place.name} count={badges[place.name]} inLine={false} />
        </Link>
      ))}
      <button type="button" onClick={onMore} className={look}>
        <Ellipsis size={20} strokeWidth={1.6} aria-hidden="true" />
        {t('nav.more')}
      </button>
    </nav>
  );
}
