// Entries that the palette has without asking the server for each letter: pages, accounts, the team, and what one can do.

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  BookText,
  CircleHelp,
  CircleX,
  Gauge,
  KeyRound,
  Languages,
  LogOut,
  Pause,
  Play,
  Plus,
  Smartphone,
  Sparkles,
  SunMoon,
  Trash2,
  User,
  UserCog,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { pauseAccount, resumeAccount, useAccounts } from '../../../data/accounts.ts';
import { useMe } from '../../../data/me.ts';
import { allPeopleQuery } from '../../../data/people.ts';
import { useDemo } from '../../../features/demo/pages.ts';
import { keysPage } from '../../../features/keys/pages.ts';
import { youPage } from '../../../features/me/pages.ts';
import { peoplePage, workspacesPage } from '../../../features/people/pages.ts';
import { queuePage } from '../../../features/queue/pages.ts';
import { languageOptions, setLanguage } from '../../../kit/language.ts';
import { setTheme, themes } from '../../../kit/theme.ts';
import { useAction } from '../../../kit/use-action.ts';
import { placesFor } from '../navigation.ts';
import type { Entry, PaletteActs } from './entry.ts';

/** `begun`: somebody has typed. Before that there are pages and general actions only. */
export function useKnownEntries(begun: boolean, acts: PaletteActs): Entry[] {
  const pages = usePages();
  const ofAccounts = useAccountEntries(begun);
  const team = useTeam(begun);
  const general = useGeneralActions(acts);
  return begun ? [...pages, ...ofAccounts, ...team, ...general] : [...pages, ...general];
}

function usePages(): Entry[] {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const navigate = useNavigate();
  const group = t('palette.pages');
  const failed = { id: 'failed', group, label: t('palette.failed'), icon: CircleX };
  const keys = { id: 'keys', group, label: t('keys.title'), icon: KeyRound };
  return [
    ...placesFor(permissions).map(({ name, to, icon }) => ({
      id: name,
      group,
      label: t(`nav.${name}`),
      icon,
      act: () => void navigate({ to }),
    })),
    ...(permissions.has(queuePage.permission)
      ? [{ ...failed, act: () => void navigate({ to: queuePage.path, search: { status: 'failed' } }) }]
      : []),
    ...(permissions.has(keysPage.permission) ? [{ ...keys, act: () => void navigate({ to: keysPage.path }) }] : []),
    {
      id: 'you',
      group,
      label: t('you.title'),
      icon: UserCog,
      act: () => void navigate({ to: youPage.path }),
    },
  ];
}

/** Accounts, and what can be done with each. */
function useAccountEntries(begun: boolean): Entry[] {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const navigate = useNavigate();
  const mayManage = permissions.has('accounts.manage');
  const accounts = useAccounts(begun && permissions.has('accounts.read'));
  const pause = useAction({ ...pauseAccount, done: ({ name }) => t('accounts.paused', { name }) });
  const resume = useAction({ ...resumeAccount, done: ({ name }) => t('accounts.resumed', { name }) });
  const open = (accountId: string, hash?: string) =>
    void navigate({ to: '/accounts/$accountId', params: { accountId }, ...(hash !== undefined && { hash }) });
  const pages = accounts.map(({ id, name }) => ({
    id,
    group: t('nav.accounts'),
    label: name,
    icon: Smartphone,
    act: () => open(id),
  }));
  const group = t('palette.actions');
  const actions = accounts.flatMap(({ id, name, status }) => [
    ...(status === 'connected'
      ? [{ id: `pause ${id}`, group, label: t('palette.pause', { name }), icon: Pause, act: () => pause.mutate(id) }]
      : []),
    ...(status === 'paused'
      ? [{ id: `resume ${id}`, group, label: t('palette.resume', { name }), icon: Play, act: () => resume.mutate(id) }]
      : []),
    {
      id: `limits ${id}`,
      group,
      label: t('palette.limits', { name }),
      icon: Gauge,
      act: () => open(id, 'limits'),
    },
  ]);
  return [...pages, ...(mayManage ? actions : [])];
}

function useTeam(begun: boolean): Entry[] {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const navigate = useNavigate();
  const people = useQuery({ ...allPeopleQuery, enabled: begun && permissions.has('people.read') });
  return (people.data?.rows ?? []).map(({ id, name, email }) => ({
    id,
    group: t('people.title'),
    label: name,
    detail: email,
    icon: User,
    act: () => void navigate({ to: peoplePage.path }),
  }));
}

function useGeneralActions({ onHelp, onLogOut, onRemoveDemo }: PaletteActs): Entry[] {
  const { t } = useTranslation();
  const demo = useDemo();
  const { permissions } = useMe();
  const navigate = useNavigate();
  const group = t('palette.actions');
  const connect = { id: 'connect', group, label: t('accounts.connect'), icon: Plus };
  return [
    ...(permissions.has('accounts.manage')
      ? [{ ...connect, act: () => void navigate({ to: '/accounts/new', search: {} }) }]
      : []),
    ...(demo.canFill ? [{ id: 'fill', group, label: t('firstRun.demo.fill'), icon: Sparkles, act: demo.fill }] : []),
    ...(demo.canRemove
      ? [{ id: 'remove demo', group, label: t('firstRun.demo.remove'), icon: Trash2, act: onRemoveDemo }]
      : []),
    {
      id: 'workspaces',
      group,
      label: t('nav.workspaces'),
      icon: ArrowLeftRight,
      act: () => void navigate({ to: workspacesPage.path }),
    },
    ...themes.map(theme => ({
      id: `theme ${theme}`,
      group: t('palette.look'),
      label: t('palette.theme', { name: t(`theme.${theme}`) }),
      icon: SunMoon,
      act: () => setTheme(theme),
    })),
    ...languageOptions.map(({ value, label }) => ({
      id: `language ${value}`,
      group: t('palette.look'),
      label: t('palette.language', { name: label }),
      icon: Languages,
      act: () => void setLanguage(value),
    })),
    { id: 'help', group, label: t('help.title'), icon: CircleHelp, act: onHelp },
    {
      id: 'docs',
      group,
      label: t('api.docs'),
      icon: BookText,
      act: () => void window.open('/docs', '_blank', 'noreferrer'),
    },
    { id: 'log out', group, label: t('nav.logOut'), icon: LogOut, act: onLogOut },
  ];
}
