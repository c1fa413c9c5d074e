// The hours of a team: its week by the clock of its zone, and the closed days ahead.
import type { Team } from '@recado/client';
import { Clock, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, LinkButton } from '../../components/button.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { updateTeam } from '../../data/teams.ts';
import { useAction } from '../../kit/use-action.ts';
import { useNow } from '../../kit/use-now.ts';
import { HolidayDialog } from './holiday-dialog.tsx';
import { holidaysAhead, holidaysToKeep, weekdays } from './hours.ts';
import { HoursDialog } from './hours-dialog.tsx';
import { useHourWords } from './use-hour-words.ts';

type Hours = NonNullable<Team['hours']>;
const nowMs = 60_000;

export function HoursCard({ team }: { team: Team }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<'hours' | 'holiday'>();
  const { hours } = team;
  return (
    <Card>
      <CardHead title={t('teams.hours.title')}>
        <Button kind="line" size="small" icon={Clock} onClick={() => setAsked('hours')}>
          {t(hours ? 'teams.hours.change' : 'teams.hours.set')}
        </Button>
      </CardHead>
      <CardBody className="grid gap-4">
        {hours ? (
          <>
            <Week hours={hours} />
            <Holidays team={team} hours={hours} onAdd={() => setAsked('holiday')} />
            <p className="text-13 text-muted">
              <bdi>{hours.time_zone}</bdi>. {t('teams.hours.words')}
            </p>
          </>
        ) : (
          <p className="text-13 text-muted">{t('teams.hours.none')}</p>
        )}
      </CardBody>
      {asked === 'hours' && <HoursDialog team={team} onClose={() => setAsked(undefined)} />}
      {asked === 'holiday' && hours && <HolidayDialog team={team} hours={hours} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

/** The part of a day that has passed at a time of day. */
const partOf = (time: string) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) / 1_440;

function Week({ hours }: { hours: Hours }) {
  const { t } = useTranslation();
  const words = useHourWords();
  return (
    <ul className="grid grid-cols-[max-content_minmax(0,1fr)_max-content] gap-x-3 gap-y-1.5 text-13">
      {weekdays.map(weekday => {
        const intervals = hours.intervals.filter(each => each.weekday === weekday);
        return (
          <li key={weekday} className="col-span-full grid grid-cols-subgrid items-center">
            <span>{words.weekday(weekday)}</span>
            <span className="relative h-2.5 rounded-[2px] bg-track" aria-hidden="true">
              {intervals.map(({ opens, closes }) => (
                <i
                  key={opens}
                  className="absolute inset-y-0 rounded-[2px] bg-accent-line"
                  style={{
                    insetInlineStart: `${partOf(opens) * 100}%`,
                    inlineSize: `${(partOf(closes) - partOf(opens)) * 100}%`,
                  }}
                />
              ))}
            </span>
            <span className="num text-end text-muted">
              {intervals.length === 0
                ? t('teams.hours.closed')
                : intervals.map(interval => (
                    <span key={interval.opens} className="block">
                      {words.span(interval)}
                    </span>
                  ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Holidays({ team, hours, onAdd }: { team: Team; hours: Hours; onAdd: () => void }) {
  const { t } = useTranslation();
  const words = useHourWords();
  const now = useNow(nowMs);
  const remove = useAction({ ...updateTeam, done: t('teams.saved') });
  const ahead = holidaysAhead(hours, now);
  return (
    <section className="grid gap-1.5 text-13">
      <div className="flex items-baseline justify-between gap-3">
        <h3>{t('teams.hours.holidays')}</h3>
        <LinkButton onClick={onAdd}>{t('teams.hours.addHoliday')}</LinkButton>
      </div>
      {ahead.length === 0 && <p className="text-muted">{t('teams.hours.noHolidays')}</p>}
      <ul>
        {ahead.map(({ date, name }) => (
          <li key={date} className="flex items-center gap-2 border-b border-border py-1 last:border-0">
            <bdi className="min-w-0 flex-1 wrap-anywhere">{name}</bdi>
            <span className="num whitespace-nowrap text-muted">{words.date(date)}</span>
            <IconButton
              icon={X}
              size="small"
              label={t('teams.hours.removeHoliday', { name })}
              onClick={() =>
                remove.mutate({
                  id: team.id,
                  hours: { ...hours, holidays: holidaysToKeep(hours, now).filter(each => each.date !== date) },
                })
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
