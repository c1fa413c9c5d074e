// The result of a campaign: replies, opt-outs, and the variants with the ranges of chance.
import type { Campaign, CampaignResult } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { SkeletonCard } from '../../../components/states.tsx';
import { Card, CardFoot, CardHead, Table } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { amountOf, unitsOf } from '../../../kit/money.ts';
import { messagesOf } from '../messages.ts';

type Variant = CampaignResult['variants'][number];

/** The letters of the variants. */
export const letters = ['A', 'B', 'C', 'D'] as const;

export function ResultPart({ campaign, result }: { campaign: Campaign; result: CampaignResult | undefined }) {
  if (!result) return <SkeletonCard className="h-44" />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6">
      <Figures campaign={campaign} result={result} />
      {result.variants.length > 0 && <Variants campaign={campaign} result={result} />}
    </div>
  );
}

function Figures({ campaign, result }: { campaign: Campaign; result: CampaignResult }) {
  const { t } = useTranslation();
  const { number, percent, duration, money } = useFormat();
  const { sure, likely, median_minutes: median } = result.replies;
  const { cost } = result;
  const delivered = campaign.counts?.delivered ?? 0;
  const optedOut = campaign.counts?.opted_out ?? 0;
  const of = (part: number) =>
    delivered === 0
      ? t('campaigns.nobodyYet')
      : t('campaigns.shareOf', { share: percent(part / delivered), number: number(delivered) });
  const figures = [
    { name: t('campaigns.sureReplies'), value: number(sure), words: of(sure) },
    { name: t('campaigns.likelyReplies'), value: number(likely), words: of(likely) },
    {
      name: t('campaigns.timeToReply'),
      value: median === null ? t('campaigns.notKnown') : duration(median * 60),
      words: t('campaigns.medianOf', { count: sure + likely }),
    },
    { name: t('campaigns.optedOut'), value: number(optedOut), words: of(optedOut) },
    ...(cost
      ? [
          {
            name: t('campaigns.costCost'),
            value: money(cost.amount, cost.currency),
            words:
              sure + likely > 0
                ? t('campaigns.costPerReply', {
                    amount: money(amountOf(unitsOf(cost.amount) / BigInt(sure + likely)), cost.currency),
                  })
                : t('campaigns.costEstimatedPart', { amount: money(cost.estimated, cost.currency) }),
          },
        ]
      : []),
  ];
  return (
    <Card>
      <dl className={cx('grid grid-cols-2', cost ? 'lg:grid-cols-5' : 'lg:grid-cols-4')}>
        {figures.map(({ name, value, words }) => (
          <div key={name} className="border-border px-4 py-3.5 not-first:border-s max-lg:odd:border-s-0 md:px-5">
            <dt className="text-13 text-muted">{name}</dt>
            <dd className="num text-20 font-strong">{value}</dd>
            <dd className="text-13 text-muted">{words}</dd>
          </div>
        ))}
      </dl>
      <CardFoot>
        <p className="text-13 text-muted">{t('campaigns.replyWords', { count: campaign.reply_hours })}</p>
      </CardFoot>
    </Card>
  );
}

function Variants({ campaign, result: { variants, difference } }: { campaign: Campaign; result: CampaignResult }) {
  const { t } = useTranslation();
  const { share } = useFormat();
  /** The axis ends at the next tenth. */
  const end = Math.max(0.1, ...variants.map(({ replied }) => Math.ceil((replied.high ?? 0) * 10) / 10));
  const title =
    difference === null
      ? t('campaigns.variants')
      : t(difference ? 'campaigns.variantsDiffer' : 'campaigns.variantsSame');
  return (
    <Card>
      <CardHead title={title} />
      <Table label={title} bare short>
        <thead>
          <tr>
            <th scope="col">{t('campaigns.variant')}</th>
            <th scope="col" className="end">
              {t('stage.delivered')}
            </th>
            <th scope="col" className="end">
              {t('stage.read')}
            </th>
            <th scope="col" className="end">
              {t('campaigns.replied')}
            </th>
            <th scope="col" className="w-full" dir="ltr">
              <span className="flex justify-between">
                <span>{share(0)}</span>
                <span>{share(end / 2)}</span>
                <span>{share(end)}</span>
              </span>
            </th>
            <th scope="col" className="end">
              {t('campaigns.certainty')}
            </th>
            <th scope="col" className="end">
              {t('campaigns.optedOut')}
            </th>
          </tr>
        </thead>
        <tbody>
          {variants.map(variant => (
            <VariantRow key={variant.variant ?? 'control'} campaign={campaign} variant={variant} end={end} />
          ))}
        </tbody>
      </Table>
      {difference !== null && (
        <CardFoot>
          <p className="text-13 text-muted">{t(difference ? 'campaigns.differWords' : 'campaigns.sameWords')}</p>
        </CardFoot>
      )}
    </Card>
  );
}

function VariantRow({ campaign, variant, end }: { campaign: Campaign; variant: Variant; end: number }) {
  const { t } = useTranslation();
  const { number, percent } = useFormat();
  const { variant: place, people, delivered, read, replied } = variant;
  const rate = (value: number | null) => (value === null ? '' : percent(value));
  const range =
    replied.low === null || replied.high === null
      ? t('campaigns.notKnown')
      : t('campaigns.range', { low: percent(replied.low), high: percent(replied.high) });
  const template = place === null ? undefined : messagesOf(campaign)[place]?.template?.name;
  return (
    <tr>
      <td>
        <b>{place === null ? t('campaigns.nobody') : letters[place]}</b>{' '}
        {template !== undefined && <span className="font-mono text-muted">{template}</span>}
        {place === null && <span className="text-muted">{t('campaigns.gotNothing')}</span>}
      </td>
      <td className="end" data-label={t('stage.delivered')}>
        {place === null ? t('campaigns.ofPeople', { number: number(people) }) : number(delivered)}
      </td>
      <td className="end" data-label={t('stage.read')}>
        {rate(read.rate)}
      </td>
      <td className="end" data-label={t('campaigns.replied')}>
        {number(replied.n)} <span className="text-muted">{rate(replied.rate)}</span>
      </td>
      <td className="small-full">
        <Interval
          words={`${rate(replied.rate)}, ${range}`}
          rate={replied.rate}
          low={replied.low}
          high={replied.high}
          end={end}
        />
      </td>
      <td className="end text-muted">{range}</td>
      <td className="end" data-label={t('campaigns.optedOut')}>
        {number(variant.opted_out)}
      </td>
    </tr>
  );
}

interface IntervalProps {
  words: string;
  rate: number | null;
  low: number | null;
  high: number | null;
  end: number;
}

/** A dot with its range on an axis that begins at 0. */
function Interval({ words, rate, low, high, end }: IntervalProps) {
  if (rate === null || low === null || high === null) return null;
  const at = (value: number) => `${(value / end) * 100}%`;
  return (
    <span role="img" aria-label={words} dir="ltr" className="relative block h-5.5 min-w-40 border-x border-border">
      <span
        className="absolute inset-y-2 rounded-full bg-accent-line/40"
        style={{ left: at(low), width: at(high - low) }}
      />
      <span className="absolute top-1.5 -ms-1.25 size-2.5 rounded-full bg-accent-line" style={{ left: at(rate) }} />
    </span>
  );
}
