// The pipeline strip of the queue: what is there now, and what became of the messages of the range.
import type { Queue, QueueReasons, Statistics } from '@recado/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Loading, Skeleton } from '../../components/states.tsx';
import { type Branch, type Counts, countsOf, type Stage, Strip, totalOf, useShares } from '../../components/strip.tsx';
import { Card, CardBody } from '../../components/surfaces.tsx';
import type { QueueFilter } from '../../data/queue-filter.ts';
import { useFormat } from '../../kit/format.ts';

interface Props {
  filter: Pick<QueueFilter, 'range' | 'account'>;
  reasons: QueueReasons | undefined;
  statistics: Statistics | undefined;
  metrics: Queue | undefined;
  /** Above it, with the number of messages. */
  head?: (total: number) => ReactNode;
  /** Why it cannot be shown. */
  error?: unknown;
  retry?: () => void;
}

/** Counts of the strip. Waiting, sending and unknown are as of now; the rest is of the range. */
export function stripCounts(reasons: QueueReasons, statistics: Statistics): Counts {
  const counts = countsOf(statistics.by_status);
  return { ...counts, waiting: reasons.queued, sending: reasons.sending, unknown: reasons.unknown };
}

export function QueueStrip({ filter, reasons, statistics, metrics, head, error, retry }: Props) {
  const { t } = useTranslation();
  if ((!reasons || !statistics) && error)
    return (
      <Card>
        <Failed title={t('queue.failed')} error={error} {...(retry && { retry })} />
      </Card>
    );
  if (!reasons || !statistics)
    return (
      <Loading>
        <Card className="grid h-46 content-start gap-6 p-5">
          <Skeleton className="h-3 w-48" />
          <Skeleton className="h-6 w-full" />
        </Card>
      </Loading>
    );
  return <Shown filter={filter} reasons={reasons} statistics={statistics} metrics={metrics} head={head} />;
}

interface ShownProps {
  filter: Props['filter'];
  reasons: QueueReasons;
  statistics: Statistics;
  metrics: Queue | undefined;
  head: Props['head'];
}

function Shown({ filter, reasons, statistics, metrics, head }: ShownProps) {
  const { t } = useTranslation();
  const counts = stripCounts(reasons, statistics);
  return (
    <Card>
      {head?.(totalOf(counts))}
      <CardBody className={head ? 'pt-1' : 'pt-5'}>
        <Strip
          counts={counts}
          label={t('queue.pipeline', { range: t(`queue.range.${filter.range}`) })}
          sub={useSubs(reasons, statistics, metrics)}
          link={(at, name) => <Station at={at} filter={filter} name={name} />}
        />
      </CardBody>
    </Card>
  );
}

/** A station as a link to its messages, over its whole height. */
const Station = ({ at, filter, name }: { at: Stage | Branch; filter: Props['filter']; name: ReactNode }) => (
  <Link
    to="/queue"
    search={{ ...filter, status: at }}
    resetScroll={false}
    className="rounded-badge after:absolute after:inset-0 hover:underline"
  >
    {name}
  </Link>
);

function useSubs(reasons: QueueReasons, statistics: Statistics, metrics: Queue | undefined) {
  const { t } = useTranslation();
  const { measured, number } = useFormat();
  const shares = useShares(stripCounts(reasons, statistics), statistics.sent);
  const by = statistics.by_status;
  return {
    ...shares,
    waiting:
      reasons.oldest_seconds === null
        ? t('accounts.noneDue')
        : t('accounts.oldest', { time: measured(reasons.oldest_seconds) }),
    sending: metrics && t('queue.aMinute', { count: Math.round(metrics.calls_per_minute) }),
    left: t('queue.leftWords', { cancelled: number(by.cancelled ?? 0), expired: number(by.expired ?? 0) }),
  };
}
