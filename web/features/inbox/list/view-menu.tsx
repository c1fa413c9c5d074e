// The title of the list, which opens all views: those of everybody, of the workspace, and one's own.
import type { ConversationCounts, SavedView } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, BookmarkPlus, ChevronDown, Pencil, Star, Users } from 'lucide-react';
import { Fragment, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu, MenuItem, MenuLabel, MenuRule } from '../../../components/menu.tsx';
import { useMayEverywhere } from '../../../data/me.ts';
import { savedViewsQuery } from '../../../data/saved-views.ts';
import { useMyTeams, useTeams } from '../../../data/teams.ts';
import { useFormat } from '../../../kit/format.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import type { InboxPlace } from '../place.ts';
import { searchOf } from '../search.ts';
import { countOf, isSavedView, isView, noView, shownCount, views } from './views.ts';

const ViewDialog = lazyPart(() => import('./view-dialog.tsx'), 'ViewDialog');

interface Props {
  place: InboxPlace;
  isTeam: boolean;
  counts: ConversationCounts | undefined;
}

export function ViewMenu({ place, isTeam, counts }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { search, change } = place;
  const saved = useQuery(savedViewsQuery).data ?? [];
  const mayChangeAll = useMayEverywhere('contacts.configure');
  /** A saved view to change, or a new one. */
  const [edited, setEdited] = useState<SavedView | 'new'>();
  const shown = views.filter(({ isOfTeam }) => isTeam || !isOfTeam);
  const teams = useTeams();
  const ofTeam = (id: string) => ({ state: 'open', team: id }) as const;
  const current = shown.find(view => isView(view, search));
  const team = teams.find(({ id }) => isView({ filter: ofTeam(id) }, search));
  const currentSaved = saved.find(view => isSavedView(view, search));
  const isPlain = current?.name === 'all' && currentSaved === undefined;
  const title =
    currentSaved?.name ?? team?.name ?? (current && !isPlain ? t(`inbox.view.${current.name}`) : t('inbox.title'));
  const countOfSaved = (id: string) => counts?.saved_views.find(view => view.id === id)?.conversations;
  const total = currentSaved
    ? countOfSaved(currentSaved.id)
    : (team?.open ?? (current && !isPlain && countOf(counts, current.name)));
  const mayEdit = currentSaved && (currentSaved.scope === 'personal' || mayChangeAll);
  const ofScope = (scope: SavedView['scope']) => saved.filter(view => view.scope === scope);
  const sharedTeams = useMyTeams().filter(({ id }) => saved.some(view => view.team_id === id));
  const items = (list: readonly SavedView[]) =>
    list.map(view => (
      <MenuItem
        key={view.id}
        icon={view.scope === 'personal' ? Star : Bookmark}
        isCurrent={view === currentSaved}
        end={shownCount(countOfSaved(view.id), number)}
        onSelect={() => void change(searchOf(view))}
      >
        <bdi className="cut block">{view.name}</bdi>
      </MenuItem>
    ));
  return (
    <>
      <h1 className="flex min-w-0 flex-1">
        <Menu
          isLong
          label={t('inbox.views')}
          trigger={
            <button
              type="button"
              title={t('inbox.views')}
              className="-ms-1.5 flex max-w-full min-w-0 items-center gap-2 rounded-control px-1.5 py-1 hover:bg-hover"
            >
              <span className="cut">{title}</span>
              {total ? <span className="num text-16 font-regular text-muted">{shownCount(total, number)}</span> : null}
              <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
            </button>
          }
        >
          <MenuLabel>{t('inbox.viewsOf.everybody')}</MenuLabel>
          {shown.map(view => (
            <MenuItem
              key={view.name}
              icon={view.icon}
              isCurrent={view === current && currentSaved === undefined}
              end={view.name === 'all' ? undefined : shownCount(countOf(counts, view.name), number)}
              onSelect={() => void change({ ...noView, ...view.filter })}
            >
              {t(`inbox.viewLong.${view.name}`)}
            </MenuItem>
          ))}
          {teams.map(({ id, name, open }) => (
            <MenuItem
              key={id}
              icon={Users}
              isCurrent={id === team?.id && currentSaved === undefined}
              end={shownCount(open, number)}
              onSelect={() => void change({ ...noView, ...ofTeam(id) })}
            >
              <bdi className="cut block">{t('inbox.teamView', { name })}</bdi>
            </MenuItem>
          ))}
          {saved.length > 0 && <MenuRule />}
          {ofScope('workspace').length > 0 && <MenuLabel>{t('inbox.viewsOf.workspace')}</MenuLabel>}
          {items(ofScope('workspace'))}
          {sharedTeams.map(({ id, name }) => (
            <Fragment key={id}>
              <MenuLabel>{t('inbox.viewsOf.team', { name })}</MenuLabel>
              {items(saved.filter(view => view.team_id === id))}
            </Fragment>
          ))}
          {ofScope('personal').length > 0 && <MenuLabel>{t('inbox.viewsOf.personal')}</MenuLabel>}
          {items(ofScope('personal'))}
          <MenuRule />
          {mayEdit ? (
            <MenuItem icon={Pencil} onSelect={() => setEdited(currentSaved)}>
              {t('inbox.saveView.change')}
            </MenuItem>
          ) : (
            <MenuItem
              icon={BookmarkPlus}
              isOff={isPlain}
              why={isPlain ? t('inbox.saveView.needsFilter') : undefined}
              onSelect={() => setEdited('new')}
            >
              {t('inbox.saveView.open')}
            </MenuItem>
          )}
        </Menu>
      </h1>
      {edited && (
        <Suspense fallback={null}>
          <ViewDialog
            place={place}
            view={edited === 'new' ? undefined : edited}
            mayShare={isTeam && mayChangeAll}
            onClose={() => setEdited(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
