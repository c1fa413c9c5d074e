// Messages by minute, and how near the stop rules are.
import type { Campaign, CampaignResult } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Gauge } from '../../../components/gauge.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { everyMinute, type Minutes } from './figures.ts';

const mostBars = 60;
/** Fewer outcomes hold no campaign. */
const ruledFrom = 50;

export function PaceCard({ campaign, result }: { campaign: Campaign; result: CampaignResult }) {
  const { t } = useTranslation();
  return (
    <Card className="lg:col-span-8">
      <CardHead title={t('campaigns.pace')} />
      <CardBody>
        <Bars minutes={everyMinute(result.minutes, mostBars)} />
      </CardBody>
      <div className="grid gap-4 border-t border-border px-4 py-4 md:px-5">
        <h3 className="text-13 text-muted">{t('campaigns.rulesOf', { count: result.outcomes })}</h3>
        <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
          {result.rules.map(({ rule, percent, limit }) => (
            <Rule key={rule} name={t(`campaigns.rule.${rule}`)} percent={percent} limit={limit} />
          ))}
          {result.cost && <Spent cost={result.cost} />}
        </div>
        {result.outcomes < ruledFrom && (
          <p className="text-13 text-muted">{t('campaigns.rulesFrom', { count: ruledFrom })}</p>
        )}
        <p className="text-13 text-muted">{t(`campaigns.quality.${campaign.stop_rules.quality ?? 'yellow'}`)}</p>
      </div>
    </Card>
  );
}

/** What it costs so far, beside its cap. */
function Spent({ cost: { amount, cap, currency } }: { cost: NonNullable<CampaignResult['cost']> }) {
  const { t } = useTranslation();
  const { money } = useFormat();
  if (cap === null)
    return (
      <p className="flex items-baseline justify-between gap-3 text-13">
        <span className="text-muted">{t('campaigns.costSpent')}</span>
        <span className="num">{money(amount, currency)}</span>
      </p>
    );
  const words = t('gauge.of', { used: money(amount, currency), limit: money(cap, currency) });
  return <Gauge label={t('campaigns.costSpent')} used={Number(amount)} limit={Number(cap)} words={words} />;
}

function Rule({ name, percent, limit }: { name: string; percent: number; limit: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words =
    limit === null
      ? undefined
      : t('gauge.of', { used: format.percent(percent / 100), limit: format.share(limit / 100) });
  return <Gauge label={name} used={percent} limit={limit} {...(words !== undefined && { words })} />;
}

function Bars({ minutes }: { minutes: Minutes }) {
  const { t } = useTranslation();
  const { number, clock } = useFormat();
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last) return <p className="text-13 text-muted">{t('campaigns.nothingLeft')}</p>;
  const most = Math.max(1, ...minutes.map(({ sent }) => sent));
  const words = t('campaigns.paceWords', {
    from: clock(first.at),
    until: clock(last.at),
    most: number(most),
    last: number(last.sent),
  });
  return (
    <div dir="ltr" className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-12 text-faint">
      <span className="num flex flex-col justify-between text-end" aria-hidden="true">
        <span>{number(most)}</span>
        <span>0</span>
      </span>
      <div role="img" aria-label={words} className="flex h-32 items-end gap-px border-b border-border">
        {minutes.map(({ at, sent }) => (
          <span
            key={at}
            title={`${clock(at)}: ${number(sent)}`}
            className="max-w-12 min-w-0 flex-1 rounded-t-[2px] bg-accent-line"
            style={{ height: `${(sent / most) * 100}%` }}
          />
        ))}
      </div>
      <span />
      <span className="num flex justify-between pt-1" aria-hidden="true">
        <span>{clock(first.at)}</span>
        {minutes.length > 1 && <span>{clock(last.at)}</span>}
      </span>
    </div>
  );
}
