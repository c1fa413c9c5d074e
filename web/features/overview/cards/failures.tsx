// Why messages failed, by who must act, with what to do and the way to the messages.
import type { FigureGroup } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartCard } from '../../../components/charts/chart-card.tsx';
import { ShareBars } from '../../../components/charts/share-bars.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { groupsQuery, type ReportRange } from '../../../data/reports.ts';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useErrorName } from '../../../words/failure.ts';
import type { Period } from '../search.ts';

type Actor = NonNullable<NonNullable<FigureGroup['error']>['who']> | 'none';
/** Who can do something first. */
const actors: readonly Actor[] = ['sender', 'operator', 'recipient', 'meta', 'nobody', 'none'];

const actorOf = ({ error }: FigureGroup): Actor => error?.who ?? 'none';
const sum = (groups: readonly FigureGroup[]) => groups.reduce((all, { failed }) => all + failed, 0);

interface Props {
  range: ReportRange;
  kind: Period;
}

export function FailuresCard({ range, kind }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const nameOf = useErrorName();
  const query = useQuery(groupsQuery(range, 'error'));
  const groups = (query.data?.groups ?? []).filter(({ failed, key }) => failed > 0 && key !== null);
  const total = sum(groups);
  return (
    <ChartCard
      title={
        query.data === undefined ? t('overview.whyTitle') : t('overview.why', { count: total, number: number(total) })
      }
      className="lg:col-span-5"
      file="failures"
      figures={{
        of: t('overview.of.error'),
        columns: [{ name: t('overview.metric.failed'), format: number }],
        rows: groups.map(({ key, name, failed }) => ({
          name: `${nameOf(key ?? '', name ?? '')} (${key})`,
          values: [failed],
        })),
      }}
    >
      <Answer query={query} failed={t('overview.failed')} skeleton={<SkeletonLines />}>
        {() =>
          groups.length === 0 ? (
            <p className="text-13 text-muted">{t('overview.nothingFailed')}</p>
          ) : (
            <div className="grid gap-3">
              {actors
                .map(actor => ({ actor, ofActor: groups.filter(group => actorOf(group) === actor) }))
                .filter(({ ofActor }) => ofActor.length > 0)
                .map(({ actor, ofActor }) => (
                  <section key={actor} className="border-border not-first:border-t not-first:pt-3">
                    <h3 className="flex items-baseline justify-between gap-3">
                      <span className="font-strong text-text">{t(`campaigns.actor.${actor}`)}</span>
                      <span className="num text-13">{number(sum(ofActor))}</span>
                    </h3>
                    <ShareBars
                      label={t(`campaigns.actor.${actor}`)}
                      colour="--stage-failed"
                      most={Math.max(...groups.map(({ failed }) => failed))}
                      bars={ofActor.map(group => ({
                        key: group.key ?? '',
                        name: <Name group={group} kind={kind} account={range.account} />,
                        value: group.failed,
                        hint: <What group={group} />,
                      }))}
                    />
                  </section>
                ))}
            </div>
          )
        }
      </Answer>
    </ChartCard>
  );
}

/** The queue has no range of its own days: a longer one shows them too. */
const queueRange = { today: 'today', week: 'week', month: 'month', custom: 'month' } as const;

function Name({ group, kind, account }: { group: FigureGroup; kind: Period; account: string | undefined }) {
  const nameOf = useErrorName();
  const code = group.key ?? '';
  return (
    <>
      <Link
        to="/queue"
        search={{ status: 'failed', error: code, account, range: queueRange[kind] }}
        className="hover:underline"
      >
        {nameOf(code, group.name ?? '')}
      </Link>{' '}
      <code className="text-12 text-faint">{code}</code>
    </>
  );
}

/** What to do: in the person's language where we have it, else as the API says it, which is English. */
function What({ group: { key, error } }: { group: FigureGroup }): ReactNode {
  const { tOr, has } = useTextOr();
  const text = `advice.${key ?? ''}` as const;
  if (has(text)) return tOr(text, '');
  return error?.advice ? (
    <span lang="en" dir="ltr">
      {error.advice}
    </span>
  ) : undefined;
}
