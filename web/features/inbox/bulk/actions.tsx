// The buttons that change the picked conversations: with words in the pane, as icons at the foot of the list.
import type { Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { AlarmClock, Check, type LucideIcon, MailOpen, Tag, UserPlus, Users } from 'lucide-react';
import { type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Kbd } from '../../../components/marks.tsx';
import { Menu, MenuItem, MenuLabel, MenuRule } from '../../../components/menu.tsx';
import { labelsQuery } from '../../../data/labels.ts';
import { useMe } from '../../../data/me.ts';
import { allPeopleQuery, useIsTeam } from '../../../data/people.ts';
import { useTeams } from '../../../data/teams.ts';
import { cx } from '../../../kit/class-names.ts';
import { type HotkeyName, keycapsOf, useHotkeys } from '../../../kit/hotkeys.ts';
import { ReasonMenu, SnoozeDialog, SnoozeItems } from '../thread/state-menus.tsx';
import { useBulk } from './use-bulk.ts';

interface Props {
  rows: readonly Conversation[];
  /** Whether they have words, and their keys work. */
  isWide: boolean;
}

export function BulkActions({ rows, isWide }: Props) {
  const { t } = useTranslation();
  const isTeam = useIsTeam();
  const { run, markRead } = useBulk();
  const [open, setOpen] = useState<'assign' | 'label' | 'snooze'>();
  const [isChoosing, setChoosing] = useState(false);
  const labels = useQuery(labelsQuery('conversation')).data ?? [];
  const people = useAble(rows);
  const teams = useTeams();
  useHotkeys(
    isWide
      ? {
          assign: isTeam ? () => setOpen('assign') : undefined,
          label: () => setOpen('label'),
          snooze: () => setOpen('snooze'),
          closeConversation: () => run({ action: 'close' }),
          markRead,
        }
      : {},
  );
  const menu = (name: 'assign' | 'label' | 'snooze', icon: LucideIcon, items: ReactNode) => (
    <Menu
      label={t(`inbox.bulk.${name}`)}
      isOpen={open === name}
      onOpen={isOpen => setOpen(isOpen ? name : undefined)}
      trigger={<Trigger icon={icon} words={t(`inbox.bulk.${name}`)} hotkey={name} isWide={isWide} />}
    >
      {items}
    </Menu>
  );
  return (
    <div className={isWide ? 'grid gap-2 md:grid-cols-2' : 'flex items-center gap-0.5'}>
      {isTeam &&
        menu(
          'assign',
          UserPlus,
          <>
            {people.map(({ id, name }) => (
              <MenuItem key={id} onSelect={() => run({ action: 'assign', person_id: id })}>
                <bdi>{name}</bdi>
              </MenuItem>
            ))}
            <MenuRule />
            <MenuItem onSelect={() => run({ action: 'assign' })}>{t('inbox.assign.nobody')}</MenuItem>
            {teams.length > 0 && <MenuLabel>{t('inbox.assign.team')}</MenuLabel>}
            {teams.map(({ id, name }) => (
              <MenuItem key={id} icon={Users} onSelect={() => run({ action: 'assign', team_id: id })}>
                <bdi>{name}</bdi>
              </MenuItem>
            ))}
          </>,
        )}
      {menu(
        'label',
        Tag,
        labels.length === 0 ? (
          <MenuItem isOff why={t('inbox.bulk.noLabels')} onSelect={() => undefined}>
            {t('inbox.bulk.noLabels')}
          </MenuItem>
        ) : (
          labels.map(({ id, name }) => (
            <MenuItem key={id} onSelect={() => run({ action: 'label', label_id: id })}>
              <bdi>{name}</bdi>
            </MenuItem>
          ))
        ),
      )}
      {menu(
        'snooze',
        AlarmClock,
        <SnoozeItems
          onSnooze={until => run({ action: 'snooze', ...(until !== null && { until }) })}
          onOther={() => setChoosing(true)}
        />,
      )}
      <span className="flex items-center gap-1">
        <Trigger
          icon={Check}
          words={t('inbox.bulk.close')}
          hotkey="closeConversation"
          isWide={isWide}
          onClick={() => run({ action: 'close' })}
        />
        <ReasonMenu onClose={reason => run({ action: 'close', reason })} />
      </span>
      {markRead && (
        <Trigger icon={MailOpen} words={t('inbox.bulk.read')} hotkey="markRead" isWide={isWide} onClick={markRead} />
      )}
      {isChoosing && (
        <Suspense fallback={null}>
          <SnoozeDialog
            onClose={() => setChoosing(false)}
            onSnooze={until => run({ action: 'snooze', until: until.toISOString() })}
          />
        </Suspense>
      )}
    </div>
  );
}

interface TriggerProps {
  icon: LucideIcon;
  words: string;
  hotkey: HotkeyName;
  isWide: boolean;
  onClick?: () => void;
}

function Trigger({ icon: Icon, words, hotkey, isWide, ...rest }: TriggerProps) {
  return (
    <button
      type="button"
      {...rest}
      {...(!isWide && { 'aria-label': words, title: words })}
      className={
        isWide ? cx(buttonLook('line'), 'grow justify-start!') : cx(buttonLook('quiet', 'small'), 'w-control-s px-0!')
      }
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {isWide && (
        <>
          {words}
          <span className="ms-auto flex gap-0.5" aria-hidden="true">
            {keycapsOf(hotkey).map(cap => (
              <Kbd key={cap}>{cap}</Kbd>
            ))}
          </span>
        </>
      )}
    </button>
  );
}

/** The people who can answer in all accounts of the rows, the person of this page first. */
function useAble(rows: readonly Conversation[]) {
  const me = useMe().person?.id;
  const accounts = [...new Set(rows.map(row => row.account_id))];
  return (useQuery(allPeopleQuery).data?.rows ?? [])
    .filter(
      ({ disabled, role, account_ids: seen }) =>
        !disabled && role !== 'viewer' && (seen === null || accounts.every(account => seen.includes(account))),
    )
    .sort((one, other) => Number(other.id === me) - Number(one.id === me));
}
