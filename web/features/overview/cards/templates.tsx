// The templates of the stretch: what was sent with them, what arrived, and what they cost this month.
import type { FigureGroup } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { groupsQuery, type ReportRange } from '../../../data/reports.ts';
import { useFormat } from '../../../kit/format.ts';

/** The most used ones; the file has all. */
const shown = 8;

export function TemplatesCard({ range }: { range: ReportRange }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const query = useQuery(groupsQuery(range, 'template'));
  const groups = (query.data?.groups ?? []).filter(({ key, outbound }) => key !== null && outbound > 0);
  const columns = (['outbound', 'sent', 'delivered', 'read', 'failed'] as const).map(of => ({
    name: t(`overview.column.${of}`),
    of,
    format: number,
  }));
  const heads = (['sent', 'delivered', 'read', 'failed'] as const).map(of => t(`overview.metric.${of}`));
  const title = t('nav.templates');
  return (
    <ChartCard
      title={title}
      file="templates"
      isBare
      figures={{
        of: t('overview.of.template'),
        columns,
        rows: groups.map(group => ({
          name: group.name ?? group.key ?? '',
          values: columns.map(({ of }) => group[of]),
        })),
      }}
    >
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines />}>
        {() =>
          groups.length === 0 ? (
            <p className="px-4 pb-5 text-13 text-muted md:px-5">{t('overview.noTemplate')}</p>
          ) : (
            <Table label={t('chart.table', { title })} bare short>
              <thead>
                <tr>
                  <th scope="col">{t('overview.of.template')}</th>
                  {heads.map(head => (
                    <th key={head} scope="col" className="end">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {groups.slice(0, shown).map(group => (
                  <Row key={group.key} group={group} />
                ))}
              </tbody>
            </Table>
          )
        }
      </Answer>
    </ChartCard>
  );
}

function Row({ group }: { group: FigureGroup }) {
  const { t } = useTranslation();
  const { number, percent } = useFormat();
  const share = (rate: number | null) => (rate === null ? t('overview.none') : percent(rate));
  return (
    <tr>
      <td className="wide">
        <code dir="ltr">{group.name ?? group.key}</code>
      </td>
      <td className="end" data-label={t('overview.metric.sent')}>
        {number(group.sent)}
      </td>
      <td className="end small-hidden">{share(group.delivery.rate)}</td>
      <td className="end" data-label={t('overview.metric.read')}>
        {share(group.reading.rate)}
      </td>
      <td className="end small-hidden">{share(group.failure.rate)}</td>
    </tr>
  );
}
