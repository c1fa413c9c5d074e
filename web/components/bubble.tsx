// A bubble of the log: ours or theirs, with time and tick on its last line, and below it what is not well.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { useFormat } from '../kit/format.ts';
import { type MessageStatus, Tick } from './tick.tsx';

interface Props {
  ours?: boolean;
  /** Grouped with the one before it. */
  next?: boolean;
  /** Who wrote it. */
  who: string;
  at: string;
  /** Only of ours. */
  status?: MessageStatus;
  children: ReactNode;
  /** Why it waits, failed or is unknown, and what to do. */
  note?: ReactNode;
}

export function Bubble({ ours = false, next = false, who, at, status, children, note }: Props) {
  const { t } = useTranslation();
  const { clock, exact } = useFormat();
  return (
    <article className={cx('msg', ours && 'ours', next && 'is-next')} aria-label={`${who}, ${clock(at)}`}>
      <div className={cx('bubble', status === 'failed' && 'is-failed', status === 'unknown' && 'is-unknown')}>
        {children}
        <span className="meta">
          <time dateTime={at} title={exact(at)}>
            {clock(at)}
          </time>
          {status && <Tick status={status} label={t(`status.${status}`)} />}
        </span>
      </div>
      {note}
    </article>
  );
}
