// Send later: date and time in the person's zone, and whether the 24-hour window will still be open then.
import type { Conversation } from '@recado/client';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../../components/banner.tsx';
import { Button } from '../../../../components/button.tsx';
import { Chip, Chips } from '../../../../components/choose.tsx';
import { Dialog } from '../../../../components/dialog.tsx';
import { Field, Input } from '../../../../components/field.tsx';
import { useFormat } from '../../../../kit/format.ts';
import { inputOf, momentOf, presets } from './moments.ts';

interface Props {
  /** Undefined: the channel has no window. */
  window: Conversation['window'] | undefined;
  isOpen: boolean;
  /** What the person is called. */
  name: string;
  onClose: () => void;
  onSchedule: (at: Date) => void;
}

const year = 365 * 86_400_000;

export function ScheduleDialog({ window, isOpen, name, onClose, onSchedule }: Props) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const [now] = useState(() => new Date());
  const choices = presets(now);
  const [{ date, time }, set] = useState(() => inputOf(choices[0].at));
  const at = momentOf(date, time);
  const closesAt = window?.until ? new Date(window.until) : undefined;
  const isClosedThen = at !== undefined && (!isOpen || closesAt === undefined || at > closesAt);
  const wrong =
    !at || at <= new Date()
      ? t('composer.schedule.past')
      : at.getTime() - Date.now() > year
        ? t('composer.schedule.far')
        : undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    // In React's tree it is within the form of the composer, which would send at once.
    event.stopPropagation();
    if (!at || wrong !== undefined) return;
    onSchedule(at);
    onClose();
  }

  return (
    <Dialog open onClose={onClose} title={t('composer.schedule.title')}>
      <form id="schedule" onSubmit={submit} noValidate className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Chips label={t('composer.schedule.presets')}>
          {choices.map(choice => {
            const input = inputOf(choice.at);
            return (
              <Chip key={choice.name} pressed={input.date === date && input.time === time} onClick={() => set(input)}>
                {t(`composer.schedule.preset.${choice.name}`)} {moment(choice.at).time}
              </Chip>
            );
          })}
        </Chips>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('composer.schedule.date')} error={wrong}>
            <Input autoFocus type="date" value={date} onChange={({ target }) => set({ time, date: target.value })} />
          </Field>
          <Field label={t('composer.schedule.time')}>
            <Input type="time" value={time} onChange={({ target }) => set({ date, time: target.value })} />
          </Field>
        </div>
        <p className="text-13">
          {t('composer.schedule.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
        </p>
        {wrong === undefined && window && (
          <Banner
            tone={isClosedThen ? 'warning' : 'info'}
            title={t(isClosedThen ? 'composer.schedule.closed' : 'composer.schedule.stillOpen')}
          >
            {closesAt && t('composer.schedule.until', { when: moment(closesAt).words })}{' '}
            {isClosedThen && t('composer.schedule.closedWords', { name })}
          </Banner>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" kind="primary" impossible={wrong}>
            {at && wrong === undefined
              ? t('composer.schedule.action', { when: moment(at).words })
              : t('composer.schedule.open')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
