// The four figures of a wall, each with one line that says what it is of.
import type { WallFigures } from '@recado/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { countsOf } from '../../../components/strip.tsx';
import { useFormat } from '../../../kit/format.ts';
import { oldestTone, roundedOf, spanOf, toneOfFailures } from './span.ts';

interface Props {
  figures: WallFigures;
  /** When the figures were read, where they are old. */
  staleSince: string | undefined;
}

export function Tiles({ figures, staleSince }: Props) {
  const { t } = useTranslation();
  const { number, percent, duration } = useFormat();
  const {
    unanswered,
    first_response: first,
    failure_rate: rate,
    usual_failure_rate: usual,
    oldest_due: oldest,
    by_status: byStatus,
  } = figures;
  const old = staleSince === undefined ? undefined : t('wall.at', { time: staleSince });
  const failed = countsOf(byStatus).failed;
  const words = [
    ...(rate === null ? [] : [percent(rate)]),
    ...(usual === null ? [] : [t('wall.usual', { share: percent(usual) })]),
  ].join(', ');
  return (
    <section className="wall-tiles" aria-label={t('wall.figures')}>
      <Tile
        name={t('wall.waiting')}
        value={number(unanswered.conversations)}
        hint={
          old ??
          (unanswered.oldest_at === null
            ? t('wall.nobodyWaits')
            : t('wall.oldestWaiting', {
                time: duration((Date.parse(figures.at) - Date.parse(unanswered.oldest_at)) / 1_000),
              }))
        }
      />
      <Tile
        name={t('wall.firstResponse')}
        value={first.median_seconds === null ? t('wall.none') : <Rounded seconds={first.median_seconds} />}
        hint={
          old ??
          (first.conversations === 0
            ? t('wall.nobodyAnswered')
            : t('wall.median', { number: number(first.conversations) }))
        }
      />
      <Tile
        name={t('stage.failed')}
        value={number(failed)}
        hint={old ?? words}
        tone={old === undefined ? toneOfFailures(byStatus, rate) : undefined}
      />
      <Oldest oldest={oldest} isOld={old !== undefined} />
    </section>
  );
}

function Oldest({ oldest, isOld }: { oldest: WallFigures['oldest_due']; isOld: boolean }) {
  const { t } = useTranslation();
  if (isOld) return <Tile name={t('wall.oldest')} value={<Unknown />} hint="" />;
  if (oldest === null) return <Tile name={t('wall.oldest')} value={t('wall.none')} hint={t('wall.nothingDue')} />;
  const { seconds, account_name: name, reason } = oldest;
  const words = reason === null ? name : t('wall.because', { name, reason: t(`queue.reason.${reason}`) });
  return (
    <Tile
      name={t('wall.oldest')}
      value={<Span seconds={seconds} />}
      hint={<bdi>{words}</bdi>}
      tone={oldestTone(seconds)}
    />
  );
}

/** An age that would be wrong by now. */
function Unknown() {
  const { t } = useTranslation();
  return <span className="not-known">{t('wall.notKnown')}</span>;
}

/** 3:12, or a number with a smaller unit. */
function Span({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  const { value, unit } = spanOf(seconds);
  return (
    <>
      <span dir="ltr">{value}</span>
      {unit !== undefined && <small> {t(`wall.unit.${unit}`)}</small>}
    </>
  );
}

/** 6 min: a number with its unit. */
function Rounded({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { value, unit } = roundedOf(seconds);
  return (
    <>
      {number(value)}
      <small> {t(`wall.unit.${unit}`)}</small>
    </>
  );
}

interface TileProps {
  name: string;
  value: ReactNode;
  hint: ReactNode;
  tone?: 'warning' | 'danger' | undefined;
}

const Tile = ({ name, value, hint, tone }: TileProps) => (
  <dl data-tone={tone}>
    <dt>{name}</dt>
    <dd className="value num">{value}</dd>
    <dd>{hint}</dd>
  </dl>
);
