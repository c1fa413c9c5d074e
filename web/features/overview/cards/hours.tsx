// When people write: the four weeks before today, by the hour and the day of the week.
import type { FigureGroup } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { HeatMap } from '../../../components/charts/heat-map.tsx';
import { Answer, Empty, SkeletonLines } from '../../../components/states.tsx';
import { groupsQuery } from '../../../data/reports.ts';
import { useFormat } from '../../../kit/format.ts';
import { fourWeeks } from '../range.ts';
import { byWeekday } from '../weekdays.ts';
import { useZoneFormat } from '../zone-format.ts';

interface Props {
  account: string | undefined;
  zone: string;
}

export function HoursCard({ account, zone }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const query = useQuery(groupsQuery({ account, zone, ...fourWeeks(zone, Date.now()) }, 'hour'));
  const rows = useRows(query.data?.groups ?? [], zone);
  const total = rows.reduce((all, { values }) => all + values.reduce((sum, value) => sum + value, 0), 0);
  const { most, hour, long } = mostOf(rows);
  const hourName = (each: number) => `${each}:00`;
  const sentence = t('overview.hoursSentence', { most: number(most), day: long, hour: hourName(hour) });
  return (
    <ChartCard
      title={t('overview.hours')}
      className="lg:col-span-7"
      file="hours"
      note={
        <span className="text-12 text-muted max-md:hidden">
          {t('overview.hoursNote', { count: total, number: number(total) })}
        </span>
      }
      figures={{
        of: t('overview.of.day'),
        columns: Array.from({ length: 24 }, (_, each) => ({ name: String(each), format: number })),
        rows: rows.map(({ long: name, values }) => ({ name, values })),
      }}
    >
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines rows={5} />}>
        {() =>
          total === 0 ? (
            <Empty icon={Clock} title={t('overview.noHours')}>
              {t('overview.noHoursWords')}
            </Empty>
          ) : (
            <HeatMap
              label={`${t('overview.hours')}. ${sentence}`}
              rows={rows}
              hourName={hourName}
              none={t('overview.nobodyWrote')}
              most={value => t('overview.anHour', { number: value })}
            />
          )
        }
      </Answer>
    </ChartCard>
  );
}

type Rows = { name: string; long: string; values: number[] }[];

/** The days in the order of the calendar, Monday first. */
function useRows(groups: readonly FigureGroup[], zone: string): Rows {
  const zoned = useZoneFormat('UTC');
  const monday = Date.UTC(2026, 10, 30);
  return byWeekday(groups, zone).map((values, day) => {
    const at = monday + day * 86_400_000;
    return { name: zoned.shortWeekday(at), long: zoned.weekday(at), values };
  });
}

function mostOf(rows: Rows): { most: number; hour: number; long: string } {
  const most = Math.max(0, ...rows.flatMap(({ values }) => values));
  const row = rows.find(({ values }) => values.includes(most));
  return { most, hour: row?.values.indexOf(most) ?? 0, long: row?.long ?? '' };
}
