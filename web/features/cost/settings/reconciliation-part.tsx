// What WhatsApp says that each day cost, beside what Recado counted.
import type { Reconciliation } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Empty } from '../../../components/states.tsx';
import { Tip } from '../../../components/tip.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { reconciliationsQuery } from '../../../data/cost.ts';
import { useMay } from '../../../data/me.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { amountOf, unitsOf } from '../../../kit/money.ts';

export function ReconciliationPart({ currency }: { currency: string | null }) {
  const { t } = useTranslation();
  const { number, money, date } = useFormat();
  const accounts = useAccounts(useMay('accounts.read'));
  const list = useInfiniteQuery(reconciliationsQuery);
  const nameOf = (id: string) => accounts.find(account => account.id === id)?.name ?? t('cost.account');
  const amount = (text: string) => money(text, currency ?? 'USD');
  const columns = [
    {
      head: t('cost.accountAndDay'),
      look: 'wide',
      cell: ({ account_id: id, day }: Reconciliation) => (
        <>
          <bdi>{nameOf(id)}</bdi>, {date(day)}
        </>
      ),
    },
    { head: t('cost.counted'), end: true, cell: ({ counted }: Reconciliation) => number(counted) },
    { head: t('cost.told'), end: true, cell: ({ told }: Reconciliation) => number(told) },
    { head: t('cost.ourCost'), end: true, cell: (row: Reconciliation) => amount(row.amount) },
    {
      head: t('cost.theirCost'),
      end: true,
      cell: ({ told_amount: told }: Reconciliation) =>
        told === null ? <span className="text-muted">{t('cost.partnerPays')}</span> : amount(told),
    },
    {
      head: t('cost.difference'),
      end: true,
      look: 'small-full',
      cell: (row: Reconciliation) => <Difference row={row} amount={amount} />,
    },
  ];
  const rows = list.data?.rows ?? [];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h2>{t('cost.reconciliation')}</h2>
          <p className="text-13 text-muted">{t('cost.reconciliationHint')}</p>
        </div>
        {rows.length > 0 && (
          <Tip text={t('chart.csv')}>
            <a
              href="/api/v1/cost/reconciliations/export"
              download
              aria-label={t('chart.csv')}
              className={cx(buttonLook('quiet', 'small'), 'w-8 px-0!')}
            >
              <Download size={16} strokeWidth={1.75} aria-hidden="true" />
            </a>
          </Tip>
        )}
      </div>
      <ListTable
        list={list}
        label={t('cost.reconciliation')}
        failed={t('cost.reconciliationFailed')}
        short
        columns={columns}
        empty={
          <Empty icon={Scale} title={t('cost.noReconciliation')}>
            {t('cost.noReconciliationWords')}
          </Empty>
        }
      />
    </section>
  );
}

/** Below it both say the same sum. */
const halfCent = unitsOf('0.005');

function Difference({ row, amount }: { row: Reconciliation; amount: (text: string) => string }) {
  const { t } = useTranslation();
  if (row.told_amount === null) return <span className="text-faint">{t('cost.notKnown')}</span>;
  const messages = row.told - row.counted;
  const cost = unitsOf(row.told_amount) - unitsOf(row.amount);
  const size = cost < 0n ? -cost : cost;
  if (messages === 0 && size < halfCent) return <span className="text-success">{t('cost.noDifference')}</span>;
  return (
    <span className="text-warning">
      {t('cost.messages', { count: Math.abs(messages) })}, {amount(amountOf(size))}
    </span>
  );
}
