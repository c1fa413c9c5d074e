// What WhatsApp says that each day cost, beside what Recado counted.
import type { Reconciliation } from '@recado/client';
import { csvLine } from '@recado/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Empty } from '../../../components/states.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { reconciliationsQuery } from '../../../data/cost.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { saveFile } from '../../../kit/save-file.ts';

const csvOf = (rows: readonly Reconciliation[]) =>
  [
    ['account_id', 'day', 'counted', 'told', 'amount', 'told_amount'],
    ...rows.map(row => [row.account_id, row.day, row.counted, row.told, row.amount, row.told_amount]),
  ]
    .map(cells => csvLine(cells))
    .join('');

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
          <IconButton
            size="small"
            icon={Download}
            label={t('chart.csv')}
            onClick={() => saveFile('reconciliation.csv', csvOf(rows), 'text/csv')}
          />
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

function Difference({ row, amount }: { row: Reconciliation; amount: (text: string) => string }) {
  const { t } = useTranslation();
  if (row.told_amount === null) return <span className="text-faint">{t('cost.notKnown')}</span>;
  const messages = row.told - row.counted;
  const cost = Number(row.told_amount) - Number(row.amount);
  // Half of a hundredth: below it both say the same sum.
  if (messages === 0 && Math.abs(cost) < 0.005) return <span className="text-success">{t('cost.noDifference')}</span>;
  return (
    <span className="text-warning">
      {t('cost.messages', { count: Math.abs(messages) })}, {amount(Math.abs(cost).toFixed(6))}
    </span>
  );
}
