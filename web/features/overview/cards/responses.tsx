// How long people wait for an answer, who waits now, and how fast messages of ours are.
import type { Account, LatencyStage, Responses } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { ShareBars } from '../../../components/charts/share-bars.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { latencyQuery, type ReportRange, responsesQuery } from '../../../data/reports.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { useNow } from '../../../kit/use-now.ts';
import { MetricValue } from './trend.tsx';

/** Beside the figures that have a line: the median, and how it changed. */
export function FirstResponse({ range }: { range: ReportRange }) {
  const { t } = useTranslation();
  const { measured } = useFormat();
  const { data } = useQuery(responsesQuery(range));
  const now = data?.answered.p50_seconds;
  return (
    <div className="metric">
      <span className="text-13 text-muted">{t('overview.metric.firstResponse')}</span>
      <MetricValue>{now === null ? t('overview.none') : now !== undefined && measured(now)}</MetricValue>
      <Faster now={now ?? null} before={data?.previous?.p50_seconds} />
    </div>
  );
}

interface Props {
  range: ReportRange;
  accounts: readonly Account[];
}

export function ResponsesCard({ range, accounts }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const spanName = useSpanName();
  const query = useQuery(responsesQuery(range));
  const spans = query.data?.answered.spans ?? [];
  const inHours = query.data?.answered_in_hours;
  return (
    <ChartCard
      title={t('overview.responses.title')}
      className="lg:col-span-4"
      file="responses"
      figures={{
        of: t('overview.metric.firstResponse'),
        columns: [
          { name: t('overview.responses.conversations'), format: number },
          ...(inHours && inHours.n > 0 ? [{ name: t('overview.responses.inHours'), format: number }] : []),
        ],
        rows: spans.map((span, place) => ({
          name: spanName(spans, place),
          values: [span.n, ...(inHours && inHours.n > 0 ? [inHours.spans[place]?.n ?? 0] : [])],
        })),
      }}
    >
      <div className="grid gap-4">
        <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines rows={6} />}>
          {data => <Answered data={data} accounts={accounts} />}
        </Answer>
        <Ours range={range} />
      </div>
    </ChartCard>
  );
}

function Answered({ data, accounts }: { data: Responses; accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const { answered, previous, answered_in_hours: inHours, previous_in_hours: beforeInHours } = data;
  const spanName = useSpanName();
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Time name={t('overview.responses.median')} now={answered.p50_seconds} before={previous?.p50_seconds} />
        <Time name="p90" now={answered.p90_seconds} before={previous?.p90_seconds} />
      </div>
      <ShareBars
        label={t('overview.responses.howLong')}
        bars={answered.spans.map((span, place) => ({
          key: String(span.below_seconds),
          name: spanName(answered.spans, place),
          value: span.n,
        }))}
      />
      <p className="text-13 text-muted">{t('overview.responses.of', { count: answered.n })}</p>
      {inHours.n > 0 && (
        <section className="grid gap-3 border-t border-border pt-4">
          <h3>{t('overview.responses.inHours')}</h3>
          <div className="grid grid-cols-2 gap-3">
            <Time name={t('overview.responses.median')} now={inHours.p50_seconds} before={beforeInHours?.p50_seconds} />
            <Time name="p90" now={inHours.p90_seconds} before={beforeInHours?.p90_seconds} />
          </div>
        </section>
      )}
      <Waiting data={data} accounts={accounts} />
    </>
  );
}

/** "5 to 15 min", and the first and the last one without an end. */
function useSpanName() {
  const { t } = useTranslation();
  const { duration } = useFormat();
  return (spans: readonly { below_seconds: number | null }[], place: number): string => {
    const from = spans[place - 1]?.below_seconds ?? null;
    const to = spans[place]?.below_seconds ?? null;
    if (from === null) return t('overview.responses.under', { time: duration(to ?? 0) });
    if (to === null) return t('overview.responses.over', { time: duration(from) });
    return t('overview.responses.between', { from: duration(from), to: duration(to) });
  };
}

function Time({ name, now, before }: { name: string; now: number | null; before: number | null | undefined }) {
  const { t } = useTranslation();
  const { measured } = useFormat();
  return (
    <div>
      <div className="text-13 text-muted">{name}</div>
      <div className="num text-20 font-strong">{now === null ? t('overview.none') : measured(now)}</div>
      <Faster now={now} before={before} />
    </div>
  );
}

/** Smaller differences say nothing. */
const leastSeconds = 1;

function Faster({ now, before }: { now: number | null; before: number | null | undefined }) {
  const { t } = useTranslation();
  const { measured } = useFormat();
  const by = now === null || before === null || before === undefined ? 0 : now - before;
  if (Math.abs(by) < leastSeconds) return null;
  return (
    <span className={cx('num text-13', by < 0 ? 'text-success' : 'text-danger')}>
      {t(by < 0 ? 'overview.responses.faster' : 'overview.responses.slower', { time: measured(Math.abs(by)) })}
    </span>
  );
}

const nowMs = 15_000;

function Waiting({ data: { waiting }, accounts }: { data: Responses; accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const now = useNow(nowMs);
  const { n, oldest_at: oldest, oldest_account_id: accountId } = waiting;
  const account = accounts.find(({ id }) => id === accountId)?.name;
  return (
    <div className="flex items-center justify-between gap-3 border-t border-border pt-4">
      <div>
        <b className="num">{t('overview.responses.wait', { count: n })}</b>{' '}
        <span className="text-13 text-muted">{t('overview.responses.notCounted')}</span>
        {oldest !== null && (
          <p className="text-13 text-muted">
            {t('overview.responses.oldest', { time: duration((now - Date.parse(oldest)) / 1_000) })}
            {account !== undefined && (
              <>
                {' · '}
                <bdi>{account}</bdi>
              </>
            )}
          </p>
        )}
      </div>
      {n > 0 && (
        <Link to="/inbox" className={buttonLook('line', 'small')}>
          {t('overview.responses.see')}
        </Link>
      )}
    </div>
  );
}

/** The stages of a message of ours, until each of which 95 of 100 took at most so long. */
function Ours({ range }: { range: ReportRange }) {
  const { t } = useTranslation();
  const query = useQuery(latencyQuery(range));
  return (
    <section className="grid gap-1.5 border-t border-border pt-4">
      <h3>{t('overview.latency.title')}</h3>
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines rows={3} />}>
        {({ stages }) => stages.map(stage => <Stage key={stage.stage} {...stage} />)}
      </Answer>
    </section>
  );
}

function Stage({ stage, p95_ms: p95 }: LatencyStage) {
  const { t } = useTranslation();
  const { measured } = useFormat();
  return (
    <p className="flex justify-between gap-3 text-13">
      <span className="text-muted">{t(`overview.latency.${stage}`)}</span>
      <span className="num">{p95 === null ? t('overview.none') : measured(p95 / 1_000)}</span>
    </p>
  );
}
