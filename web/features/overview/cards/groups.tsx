// The messages of the stretch by template, campaign, sender or country: what was sent, and what became of it.
import type { FigureGroup } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { Segments } from '../../../components/choose.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { groupsQuery, type ReportRange } from '../../../data/reports.ts';
import { useFormat } from '../../../kit/format.ts';
import { type CardGrouping, cardGroupings } from '../search.ts';

/** The largest ones; the file has all. */
const shown = 8;

interface Props {
  range: ReportRange;
  by: CardGrouping;
  onBy: (by: CardGrouping) => void;
}

export function GroupsCard({ range, by, onBy }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const nameOf = useNames(by);
  const query = useQuery(groupsQuery(range, by));
  // Until its figures are there, the card keeps those of the grouping before.
  const isOther = query.data !== undefined && query.data.group_by !== by;
  const all = isOther ? [] : (query.data?.groups ?? []);
  const groups = all.filter(({ key, outbound }) => key !== null && outbound > 0);
  const columns = (['outbound', 'sent', 'delivered', 'read', 'failed'] as const).map(of => ({
    name: t(`overview.column.${of}`),
    of,
    format: number,
  }));
  const heads = (['sent', 'delivered', 'read', 'failed'] as const).map(of => t(`overview.metric.${of}`));
  const title = t(`overview.by.${by}`);
  return (
    <ChartCard
      title={title}
      file={`by-${by}`}
      isBare
      figures={{
        of: t(`overview.of.${by}`),
        columns,
        rows: groups.map(group => ({ name: nameOf(group), values: columns.map(({ of }) => group[of]) })),
      }}
    >
      <div className="px-4 pb-3 md:px-5">
        <Segments
          label={t('overview.by.label')}
          value={by}
          options={cardGroupings.map(value => ({ value, label: t(`overview.of.${value}`) }))}
          onChange={onBy}
        />
      </div>
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines />}>
        {() =>
          isOther ? (
            <SkeletonLines />
          ) : groups.length === 0 ? (
            <p className="px-4 pb-5 text-13 text-muted md:px-5">{t(`overview.noneBy.${by}`)}</p>
          ) : (
            <Table label={t('chart.table', { title })} bare short>
              <thead>
                <tr>
                  <th scope="col">{t(`overview.of.${by}`)}</th>
                  {heads.map(head => (
                    <th key={head} scope="col" className="end">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {groups.slice(0, shown).map(group => (
                  <Row key={group.key} group={group} by={by} name={nameOf(group)} />
                ))}
              </tbody>
            </Table>
          )
        }
      </Answer>
    </ChartCard>
  );
}

/** The name of a group. A country is of all that share its calling code. */
function useNames(by: CardGrouping): (group: FigureGroup) => string {
  const { t, i18n } = useTranslation();
  const regions = new Intl.DisplayNames(i18n.language, { type: 'region' });
  return ({ key, name, countries }) => {
    if (by === 'country') {
      const [first, ...others] = countries ?? [];
      const country = first === undefined ? undefined : regions.of(first);
      const code = `+${key}`;
      if (country === undefined) return code;
      return others.length === 0
        ? t('overview.country', { country, code })
        : t('overview.countries', { country, code, count: others.length });
    }
    return name ?? (by === 'template' ? key : null) ?? t('overview.nameless');
  };
}

function Row({ group, by, name }: { group: FigureGroup; by: CardGrouping; name: string }) {
  const { t } = useTranslation();
  const { number, percent } = useFormat();
  const share = (rate: number | null) => (rate === null ? t('overview.none') : percent(rate));
  return (
    <tr>
      <td className="wide">
        {by === 'template' ? (
          <code dir="ltr">{name}</code>
        ) : by === 'campaign' && group.key !== null && group.name !== null ? (
          <Link to="/campaigns/$campaignId" params={{ campaignId: group.key }} className="link cut">
            <bdi>{name}</bdi>
          </Link>
        ) : (
          <bdi className="cut">{name}</bdi>
        )}
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
