// ⌘K: pages, accounts, people, and what one can do.
import * as Radix from '@radix-ui/react-dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  BookText,
  CircleHelp,
  KeyRound,
  Languages,
  LogOut,
  type LucideIcon,
  Plus,
  Search,
  Smartphone,
  SunMoon,
  User,
  UserCog,
  X,
} from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/button.tsx';
import { Kbd } from '../../components/marks.tsx';
import { useAccounts } from '../../data/accounts.ts';
import { useMe } from '../../data/me.ts';
import { allPeopleQuery } from '../../data/people.ts';
import { cx } from '../../kit/class-names.ts';
import { languageOptions, setLanguage } from '../../kit/language.ts';
import { setTheme, themes } from '../../kit/theme.ts';
import { placesFor } from './navigation.ts';

interface Entry {
  group: string;
  label: string;
  icon: LucideIcon;
  act: () => void;
}

const most = 20;
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function useEntries(open: boolean, { onHelp, onLogOut }: Pick<Props, 'onHelp' | 'onLogOut'>): Entry[] {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const navigate = useNavigate();
  const may = permissions.has.bind(permissions);
  const accounts = useAccounts(open && may('accounts.read'));
  const people = useQuery({ ...allPeopleQuery, enabled: open && may('people.read') });
  const [pages, actions] = [t('palette.pages'), t('palette.actions')];
  return [
    ...placesFor(permissions).map(({ name, to, icon }) => ({
      group: pages,
      label: t(`nav.${name}`),
      icon,
      act: () => void navigate({ to }),
    })),
    ...(may('keys.read')
      ? [{ group: pages, label: t('keys.title'), icon: KeyRound, act: () => void navigate({ to: '/settings/keys' }) }]
      : []),
    { group: pages, label: t('you.title'), icon: UserCog, act: () => void navigate({ to: '/settings/you' }) },
    ...accounts.map(({ id, name }) => ({
      group: t('nav.accounts'),
      label: name,
      icon: Smartphone,
      act: () => void navigate({ to: '/accounts/$accountId', params: { accountId: id } }),
    })),
    ...(people.data?.rows ?? []).map(({ name, email }) => ({
      group: t('people.title'),
      label: `${name}, ${email}`,
      icon: User,
      act: () => void navigate({ to: '/settings/people' }),
    })),
    ...(may('accounts.manage')
      ? [
          {
            group: actions,
            label: t('accounts.connect'),
            icon: Plus,
            act: () => void navigate({ to: '/accounts/new', search: {} }),
          },
        ]
      : []),
    {
      group: actions,
      label: t('nav.workspaces'),
      icon: ArrowLeftRight,
      act: () => void navigate({ to: '/workspaces' }),
    },
    ...themes.map(theme => ({
      group: actions,
      label: t('palette.theme', { name: t(`theme.${theme}`) }),
      icon: SunMoon,
      act: () => setTheme(theme),
    })),
    ...languageOptions.map(({ value, label }) => ({
      group: actions,
      label: t('palette.language', { name: label }),
      icon: Languages,
      act: () => void setLanguage(value),
    })),
    { group: actions, label: t('help.title'), icon: CircleHelp, act: onHelp },
    {
      group: actions,
      label: t('api.docs'),
      icon: BookText,
      act: () => void window.open('/docs', '_blank', 'noreferrer'),
    },
    { group: actions, label: t('nav.logOut'), icon: LogOut, act: onLogOut },
  ];
}

interface Props {
  open: boolean;
  onClose: () => void;
  onHelp: () => void;
  onLogOut: () => void;
}

export function Palette({ open, ...acts }: Props) {
  const { onClose } = acts;
  return (
    <Radix.Root open={open} onOpenChange={next => !next && onClose()}>
      <Radix.Portal>
        <div data-scrim className="fixed inset-0 z-(--z-dialog) flex items-start justify-center bg-scrim p-4 pt-[12vh]">
          <Finder {...acts} />
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Finder({ onClose, ...acts }: Omit<Props, 'open'>) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = plain(text).split(/\s+/).filter(Boolean);
  const found = useEntries(true, acts)
    .filter(({ group }) => words.length > 0 || group === t('palette.pages') || group === t('palette.actions'))
    .filter(({ label, group }) => words.every(word => plain(`${label} ${group}`).includes(word)))
    .slice(0, most);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.act();
  };
  const move = (to: number) => {
    const next = (to + found.length) % Math.max(1, found.length);
    setAt(next);
    list.current?.querySelectorAll('[role="option"]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (step === 0) run(found[at]);
    else move(at + step);
  };
  return (
    <Radix.Content
      data-rise
      aria-describedby={undefined}
      className="w-full max-w-150 overflow-hidden rounded-[12px] bg-raised shadow-float outline-none"
    >
      <Radix.Title className="sr-only">{t('palette.label')}</Radix.Title>
      <div className="flex h-13 items-center gap-2.5 border-b border-border px-4 text-16">
        <Search size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is this field
          autoFocus
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
          placeholder={t('palette.label')}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <span className="max-md:hidden">
          <Kbd>Esc</Kbd>
        </span>
        <IconButton icon={X} label={t('action.close')} onClick={onClose} className="-me-2 md:hidden" />
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t('palette.label')}
        className="max-h-[50vh] overflow-y-auto p-1.5"
      >
        {found.map((entry, index) => (
          <Option
            key={`${entry.group} ${entry.label}`}
            id={`${listId}-${index}`}
            entry={entry}
            isFirst={entry.group !== found[index - 1]?.group}
            isAt={index === at}
            onPick={() => run(entry)}
            onPoint={() => setAt(index)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-4 pt-1 pb-5 text-muted">
          {t('palette.nothing', { text })}
        </p>
      )}
    </Radix.Content>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  isFirst: boolean;
  isAt: boolean;
  onPick: () => void;
  onPoint: () => void;
}

function Option({ id, entry, isFirst, isAt, onPick, onPoint }: OptionProps) {
  const Icon = entry.icon;
  return (
    <>
      {isFirst && (
        <div role="presentation" className="px-2 pt-1.5 pb-1 text-12 font-medium text-faint">
          {entry.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isAt}
        onClick={onPick}
        onMouseMove={onPoint}
        className={cx('flex h-control cursor-pointer items-center gap-2.5 rounded-[5px] px-2', isAt && 'bg-active')}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="text-muted" />
        <span className="cut">
          <bdi>{entry.label}</bdi>
        </span>
      </div>
    </>
  );
}
