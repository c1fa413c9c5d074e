// Send, and beside it what is rarely needed: send later, and whether the person sees that somebody types.

import type { Conversation } from '@recado/client';
import { Archive, CalendarClock, Check, ChevronDown, CornerDownLeft } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Tip } from '../../../components/tip.tsx';
import { cx } from '../../../kit/class-names.ts';
import { setEnterSends, useEnterSends } from '../../../kit/enter-key.ts';
import { useFormat } from '../../../kit/format.ts';
import { keycapsOf } from '../../../kit/hotkeys.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { mostLetters } from './length.tsx';
import { useShortName } from './name.ts';
import type { ShowTyping } from './use-show-typing.ts';

const ScheduleDialog = lazyPart(() => import('./schedule/dialog.tsx'), 'ScheduleDialog');

interface Props {
  conversation: Conversation;
  /** The 24-hour window; undefined where the channel has none. */
  window: Conversation['window'] | undefined;
  isEmpty: boolean;
  isTooLong: boolean;
  isOpen: boolean;
  typing: ShowTyping | undefined;
  onSchedule: (at: Date) => void;
  /** Sends, then closes the conversation; undefined where the person may not. */
  onSendClose: (() => void) | undefined;
}

export function SendButton(props: Props) {
  const { conversation, window, isEmpty, isTooLong, isOpen, typing, onSchedule, onSendClose } = props;
  const { t } = useTranslation();
  const { number } = useFormat();
  const [isScheduling, setScheduling] = useState(false);
  const name = useShortName(conversation);
  const enterSends = useEnterSends();
  const look = buttonLook('primary', 'small');
  const key = enterSends ? 'sendNext' : 'send';
  const why = isTooLong ? t('composer.tooLong', { most: number(mostLetters) }) : undefined;
  const check = (isOn: boolean) =>
    isOn ? <Check size={16} className="text-accent-text" aria-label={t('composer.typing.on')} /> : '';
  return (
    <span className="flex flex-none">
      <Tip text={why ?? t(`help.key.${key}`)} hotkey={why === undefined ? key : undefined}>
        <button
          type="submit"
          aria-disabled={isTooLong || undefined}
          className={cx(buttonLook('primary', 'small', isTooLong), 'rounded-e-none')}
        >
          {t('composer.send')}
          {enterSends && <CornerDownLeft size={16} strokeWidth={1.75} className="flip" aria-hidden="true" />}
        </button>
      </Tip>
      <Menu
        label={t('composer.more')}
        trigger={
          <button
            type="button"
            aria-label={t('composer.more')}
            title={t('composer.more')}
            className={cx(look, 'w-control-s rounded-s-none border-s border-s-on-solid/30! px-0!')}
          >
            <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
          </button>
        }
      >
        {onSendClose && (
          <MenuItem
            icon={Archive}
            end={keycapsOf('sendClose').join(' ')}
            isOff={isEmpty || isTooLong}
            why={isEmpty ? t('composer.schedule.needsText') : why}
            onSelect={onSendClose}
          >
            {t('composer.sendClose')}
          </MenuItem>
        )}
        <MenuItem
          icon={CalendarClock}
          isOff={isEmpty || isTooLong}
          why={isEmpty ? t('composer.schedule.needsText') : why}
          onSelect={() => setScheduling(true)}
        >
          {t('composer.schedule.open')}
        </MenuItem>
        <MenuRule />
        <MenuItem end={check(enterSends)} onSelect={() => setEnterSends(!enterSends)}>
          {t('composer.enterSends')}
        </MenuItem>
        {typing && (
          <MenuItem end={check(typing.isOn)} onSelect={() => typing.set(!typing.isOn)}>
            {t('composer.typing.show', { name })}
          </MenuItem>
        )}
      </Menu>
      {isScheduling && (
        <Suspense fallback={null}>
          <ScheduleDialog
            window={window}
            isOpen={isOpen}
            name={name}
            onClose={() => setScheduling(false)}
            onSchedule={onSchedule}
          />
        </Suspense>
      )}
    </span>
  );
}
