// Why messages failed, by who must act, and who was left out before the start.
import type { Campaign, CampaignResult } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useErrorName } from '../../../words/failure.ts';
import type { CampaignSearch } from '../search.ts';

type Failure = CampaignResult['failed'][number];
type Actor = NonNullable<Failure['who']> | 'none';

interface Props {
  campaign: Campaign;
  result: CampaignResult;
}

export function Failures({ campaign, result: { failed, left_out: leftOut } }: Props) {
  const { t } = useTranslation();
  const sum = (rows: readonly { people: number }[]) => rows.reduce((all, { people }) => all + people, 0);
  const most = Math.max(1, ...failed.map(({ people }) => people));
  const actors = [...new Set(failed.map(({ who }): Actor => who ?? 'none'))];
  return (
    <Card className="lg:col-span-4">
      <CardHead
        title={failed.length === 0 ? t('campaigns.nothingFailed') : t('campaigns.whyFailed', { count: sum(failed) })}
      />
      <CardBody className="grid gap-4">
        {actors.map(actor => (
          <ActorPart
            key={actor}
            actor={actor}
            failures={failed.filter(({ who }) => (who ?? 'none') === actor)}
            most={most}
            campaign={campaign}
          />
        ))}
        {leftOut.length > 0 && (
          <section className={failed.length > 0 ? 'border-t border-border pt-4' : undefined}>
            <div className="flex items-baseline justify-between gap-3 text-13 text-muted">
              <h3>{t('campaigns.leftOutCount', { count: sum(leftOut) })}</h3>
              <PeopleLink id={campaign.id} search={{ state: 'left_out' }}>
                {t('campaigns.seeThem')}
              </PeopleLink>
            </div>
            <Reasons id={campaign.id} rows={leftOut} />
          </section>
        )}
      </CardBody>
    </Card>
  );
}

const PeopleLink = ({ id, search, children }: { id: string; search: CampaignSearch; children: string }) => (
  <Link to="/campaigns/$campaignId" params={{ campaignId: id }} search={search} resetScroll={false} className="link">
    {children}
  </Link>
);

function Reasons({ id, rows }: { id: string; rows: CampaignResult['left_out'] }) {
  const { number } = useFormat();
  const { tOr } = useTextOr();
  return (
    <ul className="text-13">
      {rows.map(({ value, people }) => (
        <li
          key={value}
          className="flex items-baseline justify-between gap-4 border-b border-border py-2 last:border-0 last:pb-0"
        >
          <PeopleLink id={id} search={{ state: 'left_out', reason: value }}>
            {tOr(`campaigns.leftOut.${value}`, value)}
          </PeopleLink>
          <span className="num">{number(people)}</span>
        </li>
      ))}
    </ul>
  );
}

interface ActorProps {
  actor: Actor;
  failures: readonly Failure[];
  /** People of the largest failure. */
  most: number;
  campaign: Campaign;
}

function ActorPart({ actor, failures, most, campaign }: ActorProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <section className="grid gap-3 border-border not-first:border-t not-first:pt-4">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="font-strong">{t(`campaigns.actor.${actor}`)}</h3>
        <span className="num text-13 text-muted">{number(failures.reduce((all, { people }) => all + people, 0))}</span>
      </div>
      {failures.map(failure => (
        <FailureLine key={failure.code} failure={failure} most={most} campaign={campaign} />
      ))}
    </section>
  );
}

function FailureLine({ failure, most, campaign }: { failure: Failure; most: number; campaign: Campaign }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { tOr, has } = useTextOr();
  const nameOf = useErrorName();
  const { code, people, advice, again } = failure;
  const key = `advice.${code}` as const;
  return (
    <div className="grid gap-1 text-13">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0">
          <PeopleLink id={campaign.id} search={{ state: 'failed', reason: code }}>
            {nameOf(code, t('campaigns.otherFailure'))}
          </PeopleLink>{' '}
          <code className="text-12 text-muted">{code}</code>
        </span>
        <span className="num">{number(people)}</span>
      </div>
      <span
        className="h-[3px] min-w-0.5 rounded-full bg-danger-solid"
        style={{ width: `${(people / most) * 100}%` }}
        aria-hidden="true"
      />
      <p className="text-muted">
        {t(`campaigns.again.${again}`)}{' '}
        {has(key)
          ? tOr(key, '')
          : advice !== null && (
              <span lang="en" dir="ltr">
                {advice}
              </span>
            )}
      </p>
    </div>
  );
}
