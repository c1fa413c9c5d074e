// The accounts of the stretch: what they sent, what arrived, and where their messages are.
import type { Account, FigureGroup } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { Dot } from '../../../components/marks.tsx';
import { Stack } from '../../../components/stack.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { groupsQuery, type ReportRange } from '../../../data/reports.ts';
import { useFormat } from '../../../kit/format.ts';
import { healthOf, useStatusWords } from '../../accounts/index.ts';
import { countsOfFigures } from '../counts.ts';

interface Props {
  range: ReportRange;
  accounts: readonly Account[];
}

export function AccountsCard({ range, accounts }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const query = useQuery(groupsQuery(range, 'account'));
  const groups = query.data?.groups ?? [];
  const columns = (['outbound', 'sent', 'delivered', 'read', 'failed', 'waiting', 'sending', 'unknown'] as const).map(
    name => ({ name: t(`overview.column.${name}`), of: name, format: number }),
  );
  return (
    <ChartCard
      title={t('overview.accounts')}
      file="accounts"
      isBare
      figures={{
        of: t('overview.of.account'),
        columns,
        rows: groups.map(group => ({ name: group.name ?? '', values: columns.map(({ of }) => group[of]) })),
      }}
    >
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines />}>
        {() =>
          groups.length === 0 ? (
            <p className="px-4 pb-5 text-13 text-muted md:px-5">{t('overview.nothing')}</p>
          ) : (
            <Table label={t('chart.table', { title: t('overview.accounts') })} bare short>
              <thead>
                <tr>
                  <th scope="col">{t('overview.of.account')}</th>
                  <th scope="col" className="end">
                    {t('overview.metric.sent')}
                  </th>
                  <th scope="col" className="end">
                    {t('overview.metric.delivered')}
                  </th>
                  <th scope="col" className="end">
                    {t('overview.metric.failed')}
                  </th>
                  <th scope="col">{t('overview.whereColumn')}</th>
                </tr>
              </thead>
              <tbody>
                {groups.map(group => (
                  <Row key={group.key} group={group} account={accounts.find(({ id }) => id === group.key)} />
                ))}
              </tbody>
            </Table>
          )
        }
      </Answer>
    </ChartCard>
  );
}

function Row({ group, account }: { group: FigureGroup; account: Account | undefined }) {
  const { t } = useTranslation();
  const { number, percent } = useFormat();
  const statusOf = useStatusWords();
  const share = (rate: number | null) => (rate === null ? t('overview.none') : percent(rate));
  return (
    <tr>
      <td className="wide">
        <span className="flex items-center gap-2">
          {account && (
            <span title={statusOf(account)}>
              <Dot health={healthOf(account)} />
              <span className="sr-only">{statusOf(account)}</span>
            </span>
          )}
          {account ? (
            <Link to="/accounts/$accountId" params={{ accountId: account.id }} className="link cut">
              <bdi>{account.name}</bdi>
            </Link>
          ) : (
            <bdi className="cut">{group.name ?? t('people.deletedAccount')}</bdi>
          )}
        </span>
      </td>
      <td className="end" data-label={t('overview.metric.sent')}>
        {number(group.sent)}
      </td>
      <td className="end" data-label={t('overview.metric.delivered')}>
        {share(group.delivery.rate)}
      </td>
      <td className="end" data-label={t('overview.metric.failed')}>
        {share(group.failure.rate)}
      </td>
      <td className="small-full md:w-48 md:min-w-40">
        <Stack counts={countsOfFigures(group)} />
      </td>
    </tr>
  );
}
