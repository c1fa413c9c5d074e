// What this month costs: so far, until its end, by day and category, and how much is free.
import type { Account, Cost } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Receipt } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { BarChart } from '../../../components/charts/bar-chart.tsx';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { Forecast } from '../../../components/charts/forecast.tsx';
import { Gauge } from '../../../components/gauge.tsx';
import { Empty, Failed, SkeletonLines } from '../../../components/states.tsx';
import { Card, CardHead } from '../../../components/surfaces.tsx';
import { costQuery } from '../../../data/cost.ts';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { dayIn } from '../../../kit/zone-days.ts';
import { daysOfMonth } from '../month-days.ts';
import { useZoneFormat } from '../zone-format.ts';

interface Props {
  account: string | undefined;
  accounts: readonly Account[];
  zone: string;
}

const look = 'lg:col-span-8';

export function CostCard({ account, accounts, zone }: Props) {
  const { t } = useTranslation();
  const query = useQuery(costQuery(account));
  const { data } = query;
  if (data?.currency) return <Known cost={data} currency={data.currency} accounts={accounts} zone={zone} />;
  return (
    <Card aria-label={t('overview.cost.title')} className={look}>
      <CardHead title={t('overview.cost.title')}>
        <CapsAndRates />
      </CardHead>
      {data ? (
        <Empty icon={Receipt} title={t('overview.cost.noCard')}>
          {t('overview.cost.noCardWords')}
        </Empty>
      ) : query.error ? (
        <Failed title={t('overview.failed')} error={query.error} retry={() => void query.refetch()} />
      ) : (
        <SkeletonLines rows={6} />
      )}
    </Card>
  );
}

function CapsAndRates() {
  const { t } = useTranslation();
  return (
    <Link to="/settings/cost" className="link text-13">
      {t('overview.cost.settings')}
    </Link>
  );
}

interface KnownProps {
  cost: Cost;
  currency: string;
  accounts: readonly Account[];
  zone: string;
}

/** The colours of the categories, in the order of the legend. */
const colours = ['--chart-1', '--chart-3', '--chart-2', '--chart-4', '--chart-5'] as const;
const daySteps = [7, 14];

function Known({ cost, currency, accounts, zone }: KnownProps) {
  const { t } = useTranslation();
  const { number, money: moneyOf } = useFormat();
  const { tOr } = useTextOr();
  const money = (amount: string | number, isRound = false) => moneyOf(amount, currency, isRound);
  const zoned = useZoneFormat('UTC');
  // A category without a rate is shown too: it is not free.
  const categories = cost.by_category.filter(({ amount, unrated }) => Number(amount) > 0 || unrated > 0);
  const names = categories.map(({ category }) => tOr(`overview.cost.category.${category}`, category));
  const today = dayIn(zone, Date.now());
  const days = daysOfMonth(
    cost.month,
    today,
    cost.by_day,
    categories.map(({ category }) => category),
  );
  const bars = days.map(({ day, values }) => ({ name: zoned.date(day), short: String(Number(day.slice(8))), values }));
  const most = days.reduce(
    (high, { day, values }) => {
      const amount = values.reduce((all, value) => all + value, 0);
      return amount > high.amount ? { day, amount } : high;
    },
    { day: today, amount: 0 },
  );
  const title = t('overview.cost.of', { month: zoned.month(`${cost.month}-01`) });
  return (
    <ChartCard
      title={title}
      note={<CapsAndRates />}
      className={look}
      file={`cost-${cost.month}`}
      figures={{
        of: t('overview.of.day'),
        columns: [
          ...names.map(name => ({ name, format: (value: number) => money(value) })),
          ...(cost.messages.unrated > 0 ? [{ name: t('overview.cost.noRateColumn'), format: number }] : []),
        ],
        rows: days.map(({ day, values }) => ({
          name: zoned.date(day),
          values: figuresOf(cost, categories, day, values),
        })),
      }}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Spent cost={cost} money={money} />
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-13" aria-label={t('overview.cost.categories')}>
          {categories.map(({ category, amount, unrated }, place) => (
            <li key={category} className="flex items-center gap-1.5">
              <span
                className="size-2.5 rounded-[2px]"
                style={{ background: `var(${colours[place] ?? '--chart-6'})` }}
                aria-hidden="true"
              />
              <span className="text-muted">{names[place]}</span>{' '}
              {Number(amount) > 0 && <span className="num">{money(amount)}</span>}{' '}
              {unrated > 0 && (
                <span className="text-warning">{t('overview.cost.withoutRate', { count: unrated })}</span>
              )}
            </li>
          ))}
        </ul>
        <BarChart
          label={`${title}. ${t('overview.cost.sentence', { most: money(most.amount), day: zoned.date(most.day) })}`}
          series={names.map((name, place) => ({ name, colour: colours[place] ?? '--chart-6' }))}
          bars={bars}
          nameSteps={daySteps}
          openAt={bars.length - 1}
          format={value => money(value)}
          axis={number}
          isWhole={false}
        />
        {cost.messages.unrated > 0 && (
          <p className="text-13 text-warning">{t('overview.cost.unrated', { count: cost.messages.unrated })}</p>
        )}
        <Free cost={cost} accounts={accounts} />
      </div>
    </ChartCard>
  );
}

/** The costs of a day by category, and how many of its messages have no rate. A cost that nobody knows is none of 0. */
function figuresOf(
  { by_day: all, messages }: Cost,
  categories: Cost['by_category'],
  day: string,
  values: readonly number[],
): (number | null)[] {
  const unratedOf = (name?: string) =>
    all
      .filter(each => each.day === day && (name === undefined || each.category === name))
      .reduce((sum, { unrated }) => sum + unrated, 0);
  const costs = categories.map(({ category }, place) => {
    const value = values[place] ?? 0;
    return value === 0 && unratedOf(category) > 0 ? null : value;
  });
  return messages.unrated > 0 ? [...costs, unratedOf()] : costs;
}

/** The cap warns at this share. */
const alertShare = 0.8;

function Spent({ cost, money }: { cost: Cost; money: (amount: string | number, isRound?: boolean) => string }) {
  const { t } = useTranslation();
  const { share } = useFormat();
  const { forecast, amount, estimated } = cost;
  const total = Number(amount);
  const cap = cost.caps.find(({ account_id: account }) => account === null);
  const high = Math.max(total, Number(forecast?.high ?? 0));
  const end = cap ? Number(cap.amount) : high;
  const words = [
    t('overview.cost.spent', { amount: money(amount) }),
    ...(forecast
      ? [t('overview.cost.expected', { low: money(forecast.low, true), high: money(forecast.high, true) })]
      : []),
    ...(cap ? [t('overview.cost.cap', { amount: money(cap.amount, true) })] : [t('overview.cost.noCap')]),
  ];
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-1">
        <p>
          <span className="num text-28/9 font-strong">{money(amount)}</span>{' '}
          <span className="text-muted">
            {t('overview.cost.until', { share: share(total > 0 ? 1 - Number(estimated) / total : 1) })}
          </span>
        </p>
        {forecast && (
          <p className="text-13">
            <b className="num">
              {t('overview.cost.range', { low: money(forecast.low, true), high: money(forecast.high, true) })}
            </b>{' '}
            <span className="text-muted">{t('overview.cost.byEnd')}</span>
          </p>
        )}
      </div>
      <Forecast
        label={words.join('. ')}
        spent={total}
        expected={forecast ? [Number(forecast.low), Number(forecast.high)] : undefined}
        alertAt={cap && Number(cap.amount) * alertShare}
        end={end}
      />
      <p className="flex justify-between gap-3 text-13 text-muted">
        <span>{cap && t('overview.cost.alert', { amount: money(Number(cap.amount) * alertShare, true) })}</span>
        <span>{cap ? t('overview.cost.cap', { amount: money(cap.amount, true) }) : t('overview.cost.noCap')}</span>
      </p>
    </div>
  );
}

function Free({ cost, accounts }: { cost: Cost; accounts: readonly Account[] }) {
  const { t } = useTranslation();
  const zoned = useZoneFormat('UTC');
  if (cost.free_messages.length === 0) return null;
  const nameOf = (id: string) => accounts.find(account => account.id === id)?.name ?? t('people.deletedAccount');
  const ending = cost.free_messages.flatMap(({ account_id: id, ends_on: day }) =>
    day === null ? [] : [t('overview.cost.ends', { name: nameOf(id), day: zoned.date(day) })],
  );
  return (
    <section className="grid gap-3 border-t border-border pt-4">
      <h3>{t('overview.cost.free')}</h3>
      <div className="grid gap-x-8 gap-y-3 md:grid-cols-3">
        {cost.free_messages.map(({ account_id: id, used, of }) => (
          <Gauge key={id} label={nameOf(id)} used={used} limit={of} />
        ))}
      </div>
      {ending.length > 0 && <p className="text-13 text-muted">{ending.join(' ')}</p>}
    </section>
  );
}
