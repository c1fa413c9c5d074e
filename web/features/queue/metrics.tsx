// Four metrics of the queue, without boxes.
import type { Queue, QueueReasons } from '@recado/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../components/states.tsx';
import { useFormat } from '../../kit/format.ts';

interface Props {
  metrics: Queue | undefined;
  reasons: QueueReasons | undefined;
}

export function Metrics({ metrics, reasons }: Props) {
  const { t } = useTranslation();
  const { measured, number, percent } = useFormat();
  const p50 = metrics?.wait_seconds.p50 ?? null;
  const p95 = metrics?.wait_seconds.p95 ?? null;
  const done = metrics && metrics.completed + metrics.failed;
  return (
    <dl
      aria-label={t('queue.metrics')}
      aria-busy={metrics && reasons ? undefined : true}
      className="grid grid-cols-1 gap-y-0 max-md:divide-y max-md:divide-border md:grid-cols-4 md:divide-x md:divide-border rtl:md:divide-x-reverse"
    >
      <Metric name={t('queue.calls')} value={metrics && number(Math.round(metrics.calls_per_minute))}>
        {t('queue.callsWords')}
      </Metric>
      <Metric name={t('queue.wait')} value={metrics && (p50 === null ? t('queue.noCalls') : measured(p50))}>
        {metrics && (p95 === null ? t('queue.noCallsWords') : t('queue.p95', { time: measured(p95) }))}
      </Metric>
      <Metric
        name={t('queue.oldest')}
        value={reasons && (reasons.oldest_seconds === null ? t('queue.none') : measured(reasons.oldest_seconds))}
      >
        {reasons && (reasons.oldest_seconds === null ? t('queue.oldestNone') : t('queue.oldestWords'))}
      </Metric>
      <Metric name={t('queue.lastDay')} value={metrics && number(metrics.completed)}>
        {metrics &&
          (done
            ? t('queue.lastDayFailed', { share: percent(metrics.failed / done), count: metrics.failed })
            : t('queue.lastDayNone'))}
      </Metric>
    </dl>
  );
}

/** In the height of the line that comes. */
const Line = ({ className }: { className: string }) => (
  <span className="flex h-lh items-center">
    <Skeleton className={className} />
  </span>
);

const Metric = ({ name, value, children }: { name: string; value: string | undefined; children: ReactNode }) => (
  <div className="min-w-0 py-3 md:px-5 md:py-1 md:first:ps-5">
    <dt className="cut text-13 text-muted">{name}</dt>
    <dd className="num text-20 font-strong">{value ?? <Line className="h-4 w-16" />}</dd>
    <dd className="cut text-13 text-muted">{children || <Line className="h-2.5 w-32" />}</dd>
  </div>
);
