// A limit and how much of it is used, in words and as a bar.
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { useFormat } from '../kit/format.ts';
import { Skeleton } from './states.tsx';

const warnAt = 0.9;

interface Props {
  label: string;
  /** Undefined: not known yet. */
  used: number | undefined;
  /** Null for no limit. */
  limit: number | null;
  /** A full one is nothing bad: it is as fast as it may be. */
  mild?: boolean;
  /** Instead of "412 of 1,000". */
  words?: string;
}

export function Gauge({ used, ...known }: Props) {
  if (used !== undefined) return <Known used={used} {...known} />;
  return (
    <div className="grid gap-1.5 text-13" aria-busy="true">
      <div className="flex items-center justify-between gap-3">
        <span className="text-muted">{known.label}</span>
        <Skeleton className="h-2.5 w-20" />
      </div>
      <div className="h-1.5 rounded-full border border-border" />
    </div>
  );
}

function Known({ label, used, limit, words, mild = false }: Props & { used: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const share = limit === null ? 0 : Math.min(1, used / limit);
  const fill = share >= 1 && !mild ? 'bg-danger-solid' : share >= warnAt ? 'bg-warning-solid' : 'bg-accent-line';
  const said =
    limit === null ? t('gauge.noLimit') : (words ?? t('gauge.of', { used: number(used), limit: number(limit) }));
  return (
    <div className="grid gap-1.5 text-13">
      <div className="flex items-baseline justify-between gap-3">
        <span className="text-muted">{label}</span>
        {limit === null ? (
          <span className="text-muted">{t('gauge.noLimitUsed', { used: number(used) })}</span>
        ) : (
          <span className="num">{words ?? <Used used={number(used)} limit={number(limit)} />}</span>
        )}
      </div>
      {limit === null ? (
        <div className="h-1.5 rounded-full border border-border" />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be drawn
        <div
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(used, limit)}
          aria-valuetext={said}
          className="h-1.5 overflow-hidden rounded-full bg-track"
        >
          <span
            className={cx('block h-full rounded-full', used > 0 && 'min-w-0.5', fill)}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
    </div>
  );
}

function Used({ used, limit }: { used: string; limit: string }) {
  const { t } = useTranslation();
  const [before = '', after = ''] = t('gauge.of', { used: '\u0000', limit }).split('\u0000');
  return (
    <>
      {before}
      <b>{used}</b>
      <span className="text-muted">{after}</span>
    </>
  );
}

/** How far something is, from 0 to 1. */
export function Progress({ share, label }: { share: number; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 overflow-hidden rounded-full bg-track"
    >
      <span className="block h-full rounded-full bg-accent-line" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
