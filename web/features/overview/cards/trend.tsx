// The figures of the stretch beside those of the period before, and one of them over time.
import type { Figures, StatisticsReport } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartSection } from '../../../components/charts/chart-card.tsx';
import { LineChart } from '../../../components/charts/line-chart.tsx';
import { Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { groupsQuery, type ReportRange, totalQuery } from '../../../data/reports.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { changeOf, figureOf, isShare } from '../metrics.ts';
import type { Stretch } from '../range.ts';
import { type Metric, metrics, type Period } from '../search.ts';
import { useZoneFormat } from '../zone-format.ts';

interface Props {
  range: ReportRange;
  stretch: Stretch;
  kind: Period;
  metric: Metric;
  onMetric: (metric: Metric) => void;
  /** A figure that has no line. */
  last?: ReactNode;
}

export function Trend(props: Props) {
  const { t } = useTranslation();
  const { range, metric, onMetric, last } = props;
  const total = useQuery(totalQuery(range));
  return (
    <Card aria-label={t('overview.figures')}>
      {total.data === undefined && total.error ? (
        <Failed title={t('overview.failed')} error={total.error} retry={() => void total.refetch()} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a border and is no toolbar
        <div role="group" aria-label={t('overview.figures')} className="metrics border-b border-border">
          {metrics.map(each => (
            <MetricButton
              key={each}
              metric={each}
              pressed={each === metric}
              figures={total.data?.total}
              before={total.data?.previous ?? undefined}
              onPress={() => onMetric(each)}
            />
          ))}
          {last}
        </div>
      )}
      <Line {...props} />
    </Card>
  );
}

interface ButtonProps {
  metric: Metric;
  pressed: boolean;
  figures: Figures | undefined;
  before: Figures | undefined;
  onPress: () => void;
}

function MetricButton({ metric, pressed, figures, before, onPress }: ButtonProps) {
  const { t } = useTranslation();
  const format = useMetricFormat(metric);
  const value = figures && figureOf(metric, figures);
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className="metric"
      title={useOfWords(metric, figures)}
    >
      <span className="text-13 text-muted">{t(`overview.metric.${metric}`)}</span>
      <MetricValue>{value === null ? t('overview.none') : value !== undefined && format(value)}</MetricValue>
      {figures && <Delta metric={metric} now={figureOf(metric, figures)} before={before && figureOf(metric, before)} />}
    </button>
  );
}

/** In the height of the value that comes. */
export const MetricValue = ({ children }: { children: ReactNode }) => (
  <span className="num block text-20/7 font-strong">
    {children || (
      <Loading>
        <span className="flex h-7 items-center">
          <Skeleton className="h-4 w-16" />
        </span>
      </Loading>
    )}
  </span>
);

/** Of how many a share is, and how many of them may still change it. */
function useOfWords(metric: Metric, figures: Figures | undefined): string | undefined {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (!figures || !isShare(metric)) return undefined;
  const { of, open } = { delivered: figures.delivery, read: figures.reading, failed: figures.failure }[
    metric as 'delivered' | 'read' | 'failed'
  ];
  return t('overview.ofOpen', { of: number(of), open: number(open) });
}

function useMetricFormat(metric: Metric): (value: number) => string {
  const { number, percent } = useFormat();
  return isShare(metric) ? percent : number;
}

function Delta({ metric, now, before }: { metric: Metric; now: number | null; before: number | null | undefined }) {
  const { t } = useTranslation();
  const { percent } = useFormat();
  const change = changeOf(metric, now, before);
  if (!change) return <span className="block h-5" />;
  const by = Math.abs(change.by);
  const size = isShare(metric) ? t('overview.points', { points: (by * 100).toFixed(1) }) : percent(by);
  const words = t(change.by > 0 ? 'overview.more' : change.by < 0 ? 'overview.less' : 'overview.same', { size });
  return (
    <span
      className={cx(
        'num flex gap-1 text-13',
        { good: 'text-success', bad: 'text-danger', none: 'text-muted' }[change.tone],
      )}
    >
      <span className="sr-only">{words}</span>
      <span aria-hidden="true">{change.by > 0 ? '▲' : change.by < 0 ? '▼' : '='}</span>
      <span aria-hidden="true">{size}</span>
    </span>
  );
}

const hourSteps = [1, 2, 3, 6, 12, 24];
const daySteps = [1, 2, 7, 14, 28, 56, 91];

function Line(props: Props) {
  const { t } = useTranslation();
  const { range, stretch } = props;
  const query = useQuery(groupsQuery({ ...range, until: stretch.end }, stretch.by));
  if (query.data) return <Drawn {...props} report={query.data} />;
  if (query.error)
    return <Failed title={t('overview.failed')} error={query.error} retry={() => void query.refetch()} />;
  return (
    <Loading>
      <div className="h-70 p-5">
        <Skeleton className="h-full w-full" />
      </div>
    </Loading>
  );
}

function Drawn({ range, stretch, kind, metric, report }: Props & { report: StatisticsReport }) {
  const { t } = useTranslation();
  const zoned = useZoneFormat(range.zone);
  const format = useMetricFormat(metric);
  const sentenceOf = useSentence();
  const { by } = stretch;
  const { groups, previous_from: previousFrom } = report;
  const weekday = kind === 'today' && previousFrom !== null ? zoned.weekday(previousFrom) : undefined;
  const name = t(`overview.metric.${metric}`);
  const caption = t(`overview.caption.${by}`, {
    metric: name,
    before: weekday === undefined ? t('overview.before') : t('overview.beforeDay', { weekday }),
    zone: range.zone,
  });
  const places = groups.map(({ key }) => ({
    name: by === 'hour' ? `${zoned.shortWeekday(key ?? '')} ${zoned.clock(key ?? '')}` : zoned.day(key ?? ''),
    short: by === 'hour' ? zoned.hour(key ?? '') : zoned.shortDay(key ?? ''),
  }));
  const now = Date.now();
  const isBegun = groups.map(({ key }) => Date.parse(key ?? '') <= now);
  const values = groups.map((group, place) => (isBegun[place] ? figureOf(metric, group) : null));
  const before = groups.map(({ previous }) => previous && figureOf(metric, previous));
  const beforeName = weekday === undefined ? t('overview.beforeName') : t('overview.lastDay', { weekday });
  return (
    <ChartSection
      title={caption}
      file={`${metric}-${by}`}
      figures={{
        of: t(`overview.of.${by}`),
        columns: [
          { name, format },
          { name: beforeName, format },
        ],
        rows: places.map((place, index) => ({
          name: place.name,
          values: [values[index] ?? null, before[index] ?? null],
        })),
      }}
    >
      <LineChart
        label={`${caption}. ${sentenceOf(places, values, format)}`}
        places={places}
        nameSteps={by === 'hour' ? hourSteps : daySteps}
        values={values}
        openAt={stretch.until === undefined ? isBegun.lastIndexOf(true) : undefined}
        before={{ name: beforeName, values: before }}
        format={format}
        isWhole={!isShare(metric)}
      />
    </ChartSection>
  );
}

/** High, low and newest, as somebody says it who sees the line. */
function useSentence() {
  const { t } = useTranslation();
  return (
    places: readonly { name: string }[],
    values: readonly (number | null)[],
    format: (value: number) => string,
  ): string => {
    const known = values.flatMap((value, place) =>
      value === null ? [] : [{ value, name: places[place]?.name ?? '' }],
    );
    const [newest] = known.slice(-1);
    if (!newest) return t('overview.nothingYet');
    const high = known.reduce((most, each) => (each.value > most.value ? each : most), newest);
    const low = known.reduce((least, each) => (each.value < least.value ? each : least), newest);
    return t('overview.sentence', {
      high: format(high.value),
      highAt: high.name,
      low: format(low.value),
      lowAt: low.name,
      newest: format(newest.value),
    });
  };
}
