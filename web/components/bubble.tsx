// A bubble of the log: ours or theirs, with time and tick on its last line, and below it what is not well.
import type { ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { useFormat } from '../kit/format.ts';
import { type MessageStatus, Tick } from './tick.tsx';

export interface BubbleProps {
  ours?: boolean;
  /** Grouped with the one before it. */
  next?: boolean;
  /** Who wrote it. */
  who: string;
  /** Above it: who wrote it, where that is not plain. */
  by?: string | undefined;
  at: string;
  /** Only of ours. */
  status?: MessageStatus | undefined;
  children: ReactNode;
  /** Below the time: buttons that the person sees. */
  buttons?: ReactNode;
  /** The message that it quotes. */
  quote?: ReactNode;
  /** Before its time: that it was edited, or where it was written. */
  mark?: ReactNode;
  /** At its lower edge. */
  reactions?: ReactNode;
  /** Why it waits, failed or is unknown, and what to do. */
  note?: ReactNode;
  /** Beside it, where it is pointed at or has the focus. */
  actions?: ReactNode;
  /** Without a surface, as a sticker is. */
  bare?: boolean;
  chosen?: boolean;
  /** Its tick opens the details. */
  onTick?: (() => void) | undefined;
  tabIndex?: number;
  ref?: Ref<HTMLElement> | undefined;
}

export function Bubble({ ours = false, next = false, bare = false, chosen = false, ...props }: BubbleProps) {
  const { t } = useTranslation();
  const { clock, exact } = useFormat();
  const { who, by, at, status, buttons, quote, mark, reactions, note, actions, onTick, children, tabIndex, ref } =
    props;
  const word = status && t(`status.${status}`);
  return (
    <article
      ref={ref}
      tabIndex={tabIndex}
      data-pane-start={tabIndex === 0 || undefined}
      className={cx('msg', ours && 'ours', next && 'is-next', chosen && 'is-chosen')}
      aria-label={[who, clock(at), word].filter(Boolean).join(', ')}
    >
      {/* The label of the bubble says it already. */}
      {by !== undefined && (
        <bdi className="by cut" aria-hidden="true">
          {by}
        </bdi>
      )}
      <div
        className={cx(
          'bubble',
          bare && 'is-bare',
          status === 'failed' && 'is-failed',
          status === 'unknown' && 'is-unknown',
        )}
      >
        {quote}
        {children}
        <span className="meta">
          {mark}
          <time dateTime={at} title={exact(at)}>
            {clock(at)}
          </time>
          {status && word && <StatusTick status={status} word={word} onTick={onTick} />}
        </span>
        {buttons}
        {actions && <div className="bubble-actions">{actions}</div>}
      </div>
      {reactions && <div className="reacts">{reactions}</div>}
      {note}
    </article>
  );
}

interface StatusTickProps {
  status: MessageStatus;
  word: string;
  onTick: (() => void) | undefined;
}

function StatusTick({ status, word, onTick }: StatusTickProps) {
  const { t } = useTranslation();
  const tick = <Tick status={status} label={word} />;
  if (!onTick) return tick;
  return (
    <button
      type="button"
      title={t('bubble.details', { status: word })}
      aria-label={t('bubble.details', { status: word })}
      onClick={onTick}
      className="-m-1 grid size-6 place-items-center rounded-badge pointer-coarse:-m-3 pointer-coarse:size-10"
    >
      <Tick status={status} />
    </button>
  );
}
