// The week of a team, by the clock of a zone.
import type { Team } from '@recado/client';
import { Plus, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Input } from '../../components/field.tsx';
import { updateTeam } from '../../data/teams.ts';
import { useAction } from '../../kit/use-action.ts';
import { ownZone, ZoneField } from '../accounts/index.ts';
import { holidaysToKeep, intervalsOf, type WeekDraft, weekdays, weekOf, withInterval, wrongDays } from './hours.ts';
import { useHourWords } from './use-hour-words.ts';

export function HoursDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const words = useHourWords();
  const { hours } = team;
  const [zone, setZone] = useState(hours?.time_zone ?? ownZone());
  const [week, setWeek] = useState(() => weekOf(hours));
  const save = useAction({ ...updateTeam, done: t('teams.saved'), onDone: onClose });
  const wrong = wrongDays(week);
  const intervals = intervalsOf(week);
  const impossible =
    wrong.size > 0 ? t('teams.hours.wrong') : intervals.length === 0 ? t('teams.hours.noTimes') : undefined;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (impossible !== undefined) return;
    const holidays = hours ? holidaysToKeep(hours, Date.now()) : [];
    save.mutate({ id: team.id, hours: { time_zone: zone, intervals, holidays } });
  }
  const footer = (
    <>
      {hours && (
        <Button className="me-auto" onClick={() => save.mutate({ id: team.id, hours: null })}>
          {t('teams.hours.remove')}
        </Button>
      )}
      <Button kind="line" onClick={onClose}>
        {t('action.cancel')}
      </Button>
      <Button kind="primary" type="submit" form={id} busy={save.isPending} impossible={impossible}>
        {t('action.save')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('teams.hours.of', { name: team.name })} footer={footer} wide>
      <form id={id} onSubmit={submit} noValidate className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <ZoneField
          name="zone"
          value={zone}
          hint={t('teams.hours.zoneHint')}
          onChange={({ target }) => setZone(target.value)}
        />
        <ul>
          {weekdays.map(weekday => (
            <Day key={weekday} weekday={weekday} week={week} isWrong={wrong.has(weekday)} onChange={setWeek} />
          ))}
        </ul>
        <p className="text-13 text-muted">{t('teams.hours.midnight', { time: words.time('00:00') })}</p>
      </form>
    </Dialog>
  );
}

interface DayProps {
  weekday: number;
  week: WeekDraft;
  isWrong: boolean;
  onChange: (week: WeekDraft) => void;
}

function Day({ weekday, week, isWrong, onChange }: DayProps) {
  const { t } = useTranslation();
  const words = useHourWords();
  const day = words.longWeekday(weekday);
  const intervals = week[weekday] ?? [];
  const change = (place: number, part: { opens?: string; closes?: string }) =>
    onChange({ ...week, [weekday]: intervals.map((each, at) => (at === place ? { ...each, ...part } : each)) });
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 border-b border-border py-2 last:border-0 md:grid-cols-[8rem_minmax(0,1fr)_auto]">
      <span className="py-1.5 text-text">{day}</span>
      <div className="order-last col-span-full grid gap-2 md:order-none md:col-span-1">
        {intervals.length === 0 && <span className="py-1.5 text-13">{t('teams.hours.closed')}</span>}
        {intervals.map((interval, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an interval has no name but its place
          <span key={place} className="flex items-center gap-2">
            <Input
              type="time"
              className="num w-30!"
              aria-label={t('teams.hours.opensOn', { day })}
              aria-invalid={isWrong || undefined}
              value={interval.opens}
              onChange={({ target }) => change(place, { opens: target.value })}
            />
            –
            <Input
              type="time"
              className="num w-30!"
              aria-label={t('teams.hours.closesOn', { day })}
              aria-invalid={isWrong || undefined}
              value={interval.closes}
              onChange={({ target }) => change(place, { closes: target.value })}
            />
            <IconButton
              icon={X}
              size="small"
              label={t('teams.hours.removeTimes', { day })}
              onClick={() => onChange({ ...week, [weekday]: intervals.filter((_, at) => at !== place) })}
            />
          </span>
        ))}
      </div>
      <IconButton
        icon={Plus}
        size="small"
        label={t('teams.hours.addTimes', { day })}
        onClick={() => onChange(withInterval(week, weekday))}
      />
    </li>
  );
}
