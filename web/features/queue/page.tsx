// The queue: where messages are, why they wait, and what to do about it.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.tsx';
import { Failed } from '../../components/states.tsx';
import { useAccounts } from '../../data/accounts.ts';
import { metricsQuery, reasonsQuery, statisticsQuery } from '../../data/queue.ts';
import type { QueueFilter } from '../../data/queue-filter.ts';
import { AccountPicker, PausePicker } from './account-pickers.tsx';
import { Lanes } from './lanes.tsx';
import { Metrics } from './metrics.tsx';
import { Reasons } from './reasons.tsx';
import type { QueueSearch } from './search.ts';
import { QueueStrip } from './strip-card.tsx';
import { MessagesPart } from './table/messages-part.tsx';

/** The filter in the address, and how to change it. */
export function useFilter(): [QueueFilter, (change: Partial<QueueSearch>) => void] {
  const { status = 'waiting', account, contact, error, reason, range = 'week' } = useSearch({ from: '/inside/queue' });
  const navigate = useNavigate();
  const change = (some: Partial<QueueSearch>) =>
    void navigate({ to: '/queue', search: before => ({ ...before, ...some }), replace: true, resetScroll: false });
  return [{ view: status, account, contact, error, reason, range }, change];
}

export function QueuePage() {
  const { t } = useTranslation();
  const [filter, change] = useFilter();
  const { account } = filter;
  const accounts = useAccounts();
  const reasons = useQuery(reasonsQuery(account));
  const metrics = useQuery(metricsQuery);
  const statistics = useQuery(statisticsQuery(account, filter.range));
  const failed = reasons.error ?? statistics.error;
  const shown = account === undefined ? '' : `{ account_id: '${account}' }`;
  const example = {
    method: 'GET',
    path: `/api/v1/queue/reasons${account === undefined ? '' : `?account_id=${account}`}`,
    sdk: `const queue = await recado.queue.reasons(${shown});\nfor await (const message of recado.messages.list({ status: ['failed'] }))\n  console.log(message.to, message.error?.code);`,
  };
  const actions = (
    <>
      <PausePicker accounts={accounts} />
      <AccountPicker accounts={accounts} chosen={account} onChoose={id => change({ account: id })} />
    </>
  );
  if (failed && (!reasons.data || !statistics.data))
    return (
      <Page title={t('queue.title')} example={example}>
        <Failed
          title={t('queue.failed')}
          error={failed}
          retry={() => void Promise.all([reasons.refetch(), statistics.refetch()])}
        />
      </Page>
    );
  return (
    <Page title={t('queue.title')} example={example} actions={actions}>
      <QueueStrip
        filter={{ range: filter.range, account }}
        reasons={reasons.data}
        statistics={statistics.data}
        metrics={metrics.data}
      />
      <Metrics metrics={metrics.data} reasons={reasons.data} />
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
        <Reasons reasons={reasons.data} accounts={accounts} filter={filter} onChange={change} />
        <Lanes metrics={metrics.data} />
      </div>
      <MessagesPart
        filter={filter}
        onChange={change}
        accounts={accounts}
        counts={{ reasons: reasons.data, statistics: statistics.data }}
      />
    </Page>
  );
}
