// The bar below the head of a conversation: its state, and how to change it.
import type { Conversation } from '@recado/client';
import { AlarmClock, Archive, ArchiveRestore, Hourglass } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Menu } from '../../../components/menu.tsx';
import { changeState, stateBefore, type WantedState } from '../../../data/conversation-states.ts';
import { useIsTeam } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { useNow } from '../../../kit/use-now.ts';
import { AssignMenu } from './assign-menu.tsx';
import { LabelMenu } from './label-menu.tsx';
import { ReasonMenu, SnoozeDialog, SnoozeItems } from './state-menus.tsx';
import { TeamMenu } from './team-menu.tsx';

type Words = 'closed' | 'snoozed' | 'reopened';
const wordsOf: Record<Conversation['state'], Words> = { open: 'reopened', snoozed: 'snoozed', closed: 'closed' };

export function WorkBar({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const act = useChange(changeState);
  const { id, state, episode_id: episode } = conversation;
  const set = (wanted: Omit<WantedState, 'id'>) => {
    const before = stateBefore(conversation);
    const undo = () => void act(before).catch(toastError);
    act({ id, ...wanted }).then(
      () => toast(t(`inbox.state.done.${wordsOf[wanted.state]}`), 'success', { label: t('action.undo'), act: undo }),
      toastError,
    );
  };
  const isTeam = useIsTeam();
  const [isSnoozing, setSnoozing] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const mayReopen = state !== 'open';
  useHotkeys({
    closeConversation: () => set({ state: state === 'closed' ? 'open' : 'closed' }),
    snooze: () => setSnoozing(true),
  });
  return (
    <div
      role="toolbar"
      aria-label={t('inbox.state.bar')}
      className="flex min-h-11 flex-none items-center gap-2 border-b border-border bg-surface px-4"
    >
      {isTeam && <AssignMenu conversation={conversation} />}
      {isTeam && <TeamMenu conversation={conversation} />}
      <LabelMenu conversation={conversation} />
      <span className="min-w-0 flex-1 truncate text-13 text-muted">
        <StateWords conversation={conversation} />
      </span>
      {state !== 'closed' && (
        <SnoozeMenu
          isOpen={isSnoozing}
          onOpen={setSnoozing}
          onSnooze={until => set({ state: 'snoozed', until })}
          onOther={() => setChoosing(true)}
        />
      )}
      {mayReopen && (
        <Button size="small" kind="line" icon={ArchiveRestore} onClick={() => set({ state: 'open' })}>
          {t(episode === null ? 'inbox.state.open' : 'inbox.state.reopen')}
        </Button>
      )}
      {state !== 'closed' && (
        <span className="flex">
          <Button size="small" kind="line" icon={Archive} onClick={() => set({ state: 'closed' })}>
            {t('inbox.state.close')}
          </Button>
          <ReasonMenu onClose={reason => set({ state: 'closed', reason })} />
        </span>
      )}
      {isChoosing && (
        <Suspense fallback={null}>
          <SnoozeDialog
            onClose={() => setChoosing(false)}
            onSnooze={until => set({ state: 'snoozed', until: until.toISOString() })}
          />
        </Suspense>
      )}
    </div>
  );
}

function StateWords({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { duration, moment } = useFormat();
  const now = useNow(30_000);
  const { state, waiting_since: since, snoozed_until: until, episode_id: episode } = conversation;
  if (state === 'closed') return episode === null ? null : t('inbox.state.closed');
  if (state === 'snoozed')
    return until === null
      ? t('inbox.state.untilTheyWrite')
      : t('inbox.state.snoozedUntil', { when: moment(new Date(until)).words });
  if (since === null) return null;
  const waits = Math.max(60, Math.floor((now - Date.parse(since)) / 60_000) * 60);
  return (
    <span className="inline-flex items-center gap-1.5">
      <Hourglass size={14} strokeWidth={1.75} aria-hidden="true" />
      {t('inbox.state.waits', { time: duration(waits) })}
    </span>
  );
}

interface SnoozeProps {
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  onSnooze: (until: string | null) => void;
  /** For another time than those of the menu. */
  onOther: () => void;
}

function SnoozeMenu({ isOpen, onOpen, onSnooze, onOther }: SnoozeProps) {
  const { t } = useTranslation();
  return (
    <Menu
      label={t('inbox.state.snooze')}
      isOpen={isOpen}
      onOpen={onOpen}
      trigger={
        <button type="button" className={buttonLook('quiet', 'small')} title={t('inbox.state.snooze')}>
          <AlarmClock size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('inbox.state.snooze')}
        </button>
      }
    >
      <SnoozeItems onSnooze={onSnooze} onOther={onOther} />
    </Menu>
  );
}
