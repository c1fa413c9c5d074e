// How many people belong to it now, where they are, and whom a campaign could reach.
import type { Segment, SegmentCount } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Failed, Skeleton } from '../../../components/states.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';

export interface Counted {
  data: SegmentCount | undefined;
  error: unknown;
  /** The numbers are of the conditions before. */
  isOld: boolean;
  refetch: () => unknown;
}

/** Where counting ends. */
const countedTo = 10_000;
const mostCountries = 4;

interface Props {
  counted: Counted;
  /** The saved segment, whose count is compared. */
  segment?: Segment | undefined;
}

export function NowCard({ counted, segment }: Props) {
  const { t } = useTranslation();
  const { data, error, isOld, refetch } = counted;
  return (
    <Card aria-busy={(data === undefined && !error) || isOld || undefined}>
      <CardHead title={t('segments.now')}>
        {data && !isOld && (
          <span className="num flex items-center gap-1.5 text-13 text-muted">
            <span className="size-2 rounded-full bg-success-solid" aria-hidden="true" />
            {t('segments.took', { ms: data.took_ms })}
          </span>
        )}
      </CardHead>
      <CardBody className="grid gap-4">
        {data && !error ? (
          <div className={cx('grid gap-4', isOld && 'opacity-60')}>
            <Total count={data} segment={segment} />
            <Countries count={data} />
          </div>
        ) : error ? (
          <Failed title={t('segments.countFailed')} error={error} retry={() => void refetch()} />
        ) : (
          <>
            <Skeleton className="h-7 w-28" />
            <Skeleton className="h-2.5 w-full" />
          </>
        )}
      </CardBody>
    </Card>
  );
}

function Total({ count, segment }: { count: SegmentCount; segment: Segment | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const isMany = count.more && count.count >= countedTo;
  const shown = number(count.count);
  return (
    <div role="status">
      <div className="num text-28 font-strong">
        {isMany
          ? t('segments.moreThan', { count: shown as never })
          : count.more
            ? t('segments.atLeast', { count: shown as never })
            : shown}
      </div>
      <Since count={count} segment={segment} />
      {count.more && (
        <p className="pt-2 text-13 text-muted">{isMany ? t('segments.moreWords') : t('segments.tooSlow')}</p>
      )}
    </div>
  );
}

/** Against the count when it was saved; else against all contacts. */
function Since({ count, segment }: { count: SegmentCount; segment: Segment | undefined }) {
  const { t } = useTranslation();
  const { number, day } = useFormat();
  if (segment?.saved_count == null || count.more)
    return <p className="text-13 text-muted">{t('segments.ofContacts', { count: number(count.contacts) as never })}</p>;
  const more = count.count - segment.saved_count;
  const date = day(segment.saved_at);
  const words =
    more === 0
      ? t('segments.since.same', { date })
      : t(more > 0 ? 'segments.since.more' : 'segments.since.fewer', { count: Math.abs(more), date });
  return <p className="text-13 text-muted">{words}</p>;
}

function Countries({ count: { countries, count } }: { count: SegmentCount }) {
  const { t, i18n } = useTranslation();
  const { number } = useFormat();
  if (!countries || countries.length === 0) return null;
  const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
  const first = countries.length > mostCountries + 1 ? countries.slice(0, mostCountries) : countries;
  const others = countries.slice(first.length);
  const rows = [
    ...first.map(each => ({
      name: each.country === null ? t('segments.noCountry') : (names.of(each.country) ?? each.country),
      people: each.count,
    })),
    ...(others.length > 0
      ? [
          {
            name: t('segments.others', { count: others.length }),
            people: others.reduce((sum, each) => sum + each.count, 0),
          },
        ]
      : []),
  ];
  const most = Math.max(...rows.map(({ people }) => people));
  return (
    <ul className="grid gap-3">
      {rows.map(({ name, people }) => (
        <li key={name} className="grid gap-1 text-13">
          <span className="flex justify-between gap-3">
            <bdi>{name}</bdi>
            <span className="num">{number(people)}</span>
          </span>
          <span
            aria-hidden="true"
            className="h-1 min-w-1 rounded-full bg-accent"
            style={{ width: `${count === 0 ? 0 : (100 * people) / most}%` }}
          />
        </li>
      ))}
    </ul>
  );
}

export function ReachCard({ counted: { data, isOld }, isList }: { counted: Counted; isList: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (!data?.reach || data.count === 0) return null;
  const { reach } = data;
  const lost = (['opted_out', 'unreachable', 'without_number'] as const).filter(reason => reach[reason] > 0);
  return (
    <Card className={isOld ? 'opacity-60' : ''}>
      <CardHead title={t('segments.reach.title')} />
      <CardBody className="grid gap-3 text-13">
        <ul>
          <Row words={t(isList ? 'segments.reach.inList' : 'segments.reach.fit')} value={number(data.count)} />
          {lost.map(reason => (
            <Row
              key={reason}
              words={t(`segments.reach.${reason}`)}
              code={reason === 'unreachable' ? '131026' : undefined}
              value={`−${number(reach[reason])}`}
            />
          ))}
          <li className="flex justify-between gap-3 border-t-2 border-line/45 pt-2 font-strong">
            <span>{t('segments.reach.reachable')}</span>
            <span className="num">{number(reach.reachable)}</span>
          </li>
        </ul>
        {reach.window_open > 0 && (
          <p className="text-muted">{t('segments.reach.window', { count: reach.window_open })}</p>
        )}
      </CardBody>
    </Card>
  );
}

const Row = ({ words, code, value }: { words: string; code?: string | undefined; value: string }) => (
  <li className="flex justify-between gap-3 border-b border-border py-2 first:pt-0 last:border-0">
    <span>
      {words} {code && <code className="text-12 text-muted">{code}</code>}
    </span>
    <span className="num">{value}</span>
  </li>
);
