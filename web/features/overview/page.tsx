// The overview: where today's messages are, what became of those of a stretch of time, and who must act.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Dot } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { CardHead } from '../../components/surfaces.tsx';
import { useAccounts } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import { metricsQuery, reasonsQuery, statisticsQuery } from '../../data/queue.ts';
import { queryOf, type ReportRange } from '../../data/reports.ts';
import { useFormat } from '../../kit/format.ts';
import { useNow } from '../../kit/use-now.ts';
import { QueueStrip } from '../queue/index.ts';
import { AccountsCard } from './cards/accounts.tsx';
import { CampaignsCard } from './cards/campaigns.tsx';
import { CostCard } from './cards/cost.tsx';
import { FailuresCard } from './cards/failures.tsx';
import { GroupsCard } from './cards/groups.tsx';
import { HoursCard } from './cards/hours.tsx';
import { FirstResponse, ResponsesCard } from './cards/responses.tsx';
import { Trend } from './cards/trend.tsx';
import { Actions } from './head.tsx';
import { stretchOf } from './range.ts';
import type { OverviewSearch } from './search.ts';

/** A new day begins without an event. */
const nowMs = 60_000;

export function OverviewPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/inside/overview' });
  const navigate = useNavigate();
  const change = (some: Partial<OverviewSearch>) =>
    void navigate({ to: '/overview', search: before => ({ ...before, ...some }), replace: true, resetScroll: false });
  const { account } = search;
  const accounts = useAccounts();
  const zone = accounts.find(({ id }) => id === account)?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const stretch = stretchOf(search, zone, useNow(nowMs));
  const range: ReportRange = { account, zone, from: stretch.from, until: stretch.until };
  return (
    <Page
      title={t('nav.overview')}
      example={exampleOf(range, stretch.by)}
      actions={<Actions accounts={accounts} search={search} range={range} by={stretch.by} onChange={change} />}
    >
      <Today account={account} />
      <Trend
        range={range}
        stretch={stretch}
        kind={search.period ?? 'today'}
        metric={search.metric ?? 'sent'}
        onMetric={metric => change({ metric })}
        last={<FirstResponse range={range} />}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:grid-cols-12">
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 md:gap-6 lg:col-span-7">
          <AccountsCard range={range} accounts={accounts} />
          <GroupsCard range={range} by={search.groups ?? 'template'} onBy={groups => change({ groups })} />
        </div>
        <FailuresCard range={range} kind={search.period ?? 'today'} />
        {useMay('cost.read') && <CostCard account={account} accounts={accounts} zone={zone} />}
        <ResponsesCard range={range} accounts={accounts} />
        <HoursCard account={account} zone={zone} />
        {useMay('campaigns.read') && <CampaignsCard />}
      </div>
    </Page>
  );
}

function exampleOf(range: ReportRange, by: 'hour' | 'day') {
  const asked = { ...queryOf(range), group_by: by, compare: true };
  const path = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]));
  return {
    method: 'GET',
    path: `/api/v1/statistics?${path}`,
    sdk: `const { total, previous } = await recado.statistics.get(${JSON.stringify(asked, undefined, 2)});\nconsole.log(total.sent, previous?.sent);`,
  };
}

/** Whatever the range is: what waits, and what became of the messages of today. */
function Today({ account }: { account: string | undefined }) {
  const reasons = useQuery(reasonsQuery(account));
  const statistics = useQuery(statisticsQuery(account, 'today'));
  const metrics = useQuery(metricsQuery);
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <QueueStrip
      head={total => (
        <CardHead title={t('overview.where', { count: total, number: number(total) })}>
          <span className="flex items-center gap-2 text-13 text-muted">
            <Dot health="success" />
            {t('wall.live')}
          </span>
        </CardHead>
      )}
      filter={{ range: 'today', account }}
      reasons={reasons.data}
      statistics={statistics.data}
      metrics={metrics.data}
      error={reasons.error ?? statistics.error}
      retry={() => void Promise.all([reasons.refetch(), statistics.refetch()])}
    />
  );
}
