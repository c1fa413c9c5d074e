// How far the messages of a campaign have got, when the last one leaves, and its waves.
import type { Campaign, CampaignCounts, CampaignResult } from '@recado/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Branch, type Stage, Strip } from '../../../components/strip.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import type { PeopleState } from '../search.ts';
import { stripOf } from '../words.tsx';
import { paceOf, wavesOf } from './figures.ts';

interface Props {
  campaign: Campaign;
  counts: CampaignCounts;
  result: CampaignResult | undefined;
}

export function StripCard({ campaign, counts, result }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const shown = stripOf(campaign);
  const sub = useSubs(campaign, counts);
  if (!shown) return null;
  const tried = counts.people - counts.waiting - counts.cancelled;
  return (
    <Card>
      <CardHead title={t('campaigns.tried', { tried: number(tried), all: number(counts.people) })}>
        <End campaign={campaign} counts={counts} result={result} />
      </CardHead>
      <CardBody className="grid gap-6">
        <Strip
          counts={shown}
          label={t('campaigns.whereLabel')}
          sub={sub}
          link={(at, name) => <StageLink id={campaign.id} at={at} name={name} />}
        />
        {campaign.waves && result && <Waves campaign={campaign} counts={counts} waves={result.waves} />}
      </CardBody>
    </Card>
  );
}

const peopleOf: Record<Stage | Branch, PeopleState> = {
  waiting: 'waiting',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
  unknown: 'unknown',
  left: 'left',
};

const StageLink = ({ id, at, name }: { id: string; at: Stage | Branch; name: ReactNode }) => (
  <Link
    to="/campaigns/$campaignId"
    params={{ campaignId: id }}
    search={{ state: peopleOf[at] }}
    resetScroll={false}
    className="text-inherit no-underline after:absolute after:inset-0 hover:underline"
  >
    {name}
  </Link>
);

/** When the last one leaves, at the pace of the last minutes. */
function End({ campaign, counts, result }: Props) {
  const { t } = useTranslation();
  const { number, moment, clock } = useFormat();
  if (campaign.state !== 'running' || counts.waiting === 0 || !result) return null;
  const pace = paceOf(result.minutes, Date.now());
  if (pace === undefined) return null;
  const at = new Date(Date.now() + (counts.waiting / pace) * 60_000);
  const isToday = at.toDateString() === new Date().toDateString();
  const words = isToday ? clock(at.toISOString()) : moment(at).words;
  return (
    <span className="text-13 text-muted max-md:basis-full">
      {t('campaigns.doneAbout', { when: words, number: number(Math.round(pace)) })}
    </span>
  );
}

function useSubs(campaign: Campaign, counts: CampaignCounts): Partial<Record<Stage | Branch, ReactNode>> {
  const { t } = useTranslation();
  const { percent } = useFormat();
  const { people, sent, delivered, read, failed, waiting } = counts;
  const tried = people - waiting - counts.cancelled;
  const stands = campaign.state === 'paused' || campaign.state === 'held';
  return {
    waiting: waiting > 0 && stands && t('campaigns.untilResumed'),
    sent: people > 0 && t('campaigns.ofAll', { share: percent(sent / people) }),
    delivered: sent > 0 && t('campaigns.ofSent', { share: percent(delivered / sent) }),
    // A person who switched receipts off reads without a receipt.
    read: sent > 0 && t('campaigns.readOfSent', { share: percent(read / sent) }),
    failed: tried > 0 && t('campaigns.ofTried', { share: percent(failed / tried) }),
    left: t('campaigns.beforeTheyLeft'),
  };
}

/** The waves with their times; the last one is the rest. */
function Waves({ campaign, counts, waves }: Pick<Props, 'campaign' | 'counts'> & { waves: CampaignResult['waves'] }) {
  const { t } = useTranslation();
  const { number, clock } = useFormat();
  const planned = wavesOf(campaign.waves?.sizes ?? [], counts.people);
  return (
    <ol aria-label={t('campaigns.waves')} className="grid gap-3 md:auto-cols-fr md:grid-flow-col">
      {planned.map((size, place) => {
        const wave = waves.find(each => each.wave === place + 1);
        const isNow = campaign.wave === place + 1 && campaign.ended_at === null;
        const isDone = wave !== undefined && wave.begun > 0 && !isNow;
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a wave is its place
            key={place}
            aria-current={isNow ? 'step' : undefined}
            className={cx(
              'grid content-start gap-0.5 border-t-[3px] pt-2 text-13 text-muted',
              isNow ? 'border-accent-line' : isDone ? 'border-(--stage-read)' : 'border-(--rest-line)',
            )}
          >
            <b className="num text-14 text-text">{number(wave?.people ?? size)}</b>
            <span>
              {wave === undefined || wave.first_at === null
                ? t('campaigns.waveAhead')
                : t(isNow ? 'campaigns.waveNow' : 'campaigns.waveDone', {
                    from: clock(wave.first_at),
                    until: clock(wave.last_at ?? wave.first_at),
                    begun: number(wave.begun),
                    receipts: number(wave.receipts),
                  })}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
