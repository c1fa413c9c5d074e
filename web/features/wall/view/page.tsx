// Today's figures for a screen that hangs on a wall: read from three metres, by nobody's hand.
import { ApiError, type WallFigures } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { CloudOff, Siren, Unlink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Dot, Logo } from '../../../components/marks.tsx';
import { useTitle } from '../../../components/page.tsx';
import { Empty, Failed, Loading, Skeleton } from '../../../components/states.tsx';
import { type Counts, countsOf, Strip } from '../../../components/strip.tsx';
import { wallFiguresQuery, wallPaceMs } from '../../../data/wall-views.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { useLinkToken } from '../../../kit/link-token.ts';
import { useNow } from '../../../kit/use-now.ts';
import { Tiles } from './tiles.tsx';
import './wall.css';

export function WallPage() {
  const token = useLinkToken();
  return token === undefined ? <Revoked /> : <Linked token={token} />;
}

/** Figures that are older say so. */
const staleMs = 4 * wallPaceMs;

function Linked({ token }: { token: string }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const { data, error, refetch } = useQuery(wallFiguresQuery(token));
  useTitle(t('wall.page'));
  if (error instanceof ApiError && error.status === 404) return <Revoked />;
  if (data) return <Shown figures={data} now={now} isStale={now - Date.parse(data.at) > staleMs && error !== null} />;
  if (error) return <Failed isPage title={t('wall.failed')} error={error} retry={() => void refetch()} />;
  return (
    <Loading>
      <div className="wall">
        <Skeleton className="h-8 w-80" />
        <Skeleton className="h-60 w-full" />
      </div>
    </Loading>
  );
}

/** The link was revoked, or cut. */
function Revoked() {
  const { t } = useTranslation();
  useTitle(t('wall.page'));
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Empty isPage icon={Unlink} title={t('wall.revoked')}>
        {t('wall.revokedWords')}
      </Empty>
    </main>
  );
}

/** Messages of today by outcome, and messages that wait or are in flight now. */
const stripOf = ({ by_status: byStatus, queued, sending, unknown }: WallFigures): Counts => ({
  ...countsOf(byStatus),
  waiting: queued,
  sending,
  unknown,
});

interface ShownProps {
  figures: WallFigures;
  now: number;
  isStale: boolean;
}

function Shown({ figures, now, isStale }: ShownProps) {
  const { t, i18n } = useTranslation();
  const clock = new Intl.DateTimeFormat(i18n.language, {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: figures.time_zone,
  });
  const readAt = clock.format(new Date(figures.at));
  return (
    <div className={cx('wall', isStale && 'is-stale')}>
      <header>
        <Logo size={40} />
        <h1>{t('wall.title', { workspace: figures.workspace_name })}</h1>
        <span className="state">
          <Dot health={isStale ? 'off' : 'success'} />
          <span>{t(isStale ? 'wall.notLive' : 'wall.live')}</span>
          <span className="num">{clock.format(new Date(now))}</span>
        </span>
      </header>
      <main id="main" className="contents">
        <Strip className="strip-wall" counts={stripOf(figures)} label={t('wall.strip')} />
        <Tiles figures={figures} staleSince={isStale ? readAt : undefined} />
      </main>
      {isStale ? <Stale figures={figures} now={now} readAt={readAt} /> : <Troubled figures={figures} />}
    </div>
  );
}

function Stale({ figures, now, readAt }: { figures: WallFigures; now: number; readAt: string }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  return (
    <div role="alert" className="wall-alarm is-quiet">
      <CloudOff size={36} strokeWidth={1.75} aria-hidden="true" />
      <p>
        <b>{t('wall.staleTitle', { time: readAt })}</b> {t('wall.staleWords')}
      </p>
      <span className="num">{duration(Math.floor((now - Date.parse(figures.at)) / 60_000) * 60)}</span>
    </div>
  );
}

function Troubled({ figures }: { figures: WallFigures }) {
  const { t } = useTranslation();
  const [first, ...others] = figures.troubled_accounts;
  if (!first) return null;
  return (
    <div role="status" className="wall-alarm">
      <Siren size={36} strokeWidth={1.75} aria-hidden="true" />
      <p>
        <b>{t(`wall.trouble.${first.status}`, { name: first.name })}</b>{' '}
        {first.status_reason !== null && <bdi>{first.status_reason}</bdi>}{' '}
        {others.length > 0 && t('wall.more', { count: others.length })}
      </p>
    </div>
  );
}
