// The pipeline strip: where messages are. Solid is there now, pale went on, hollow is not reached.
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { useFormat } from '../kit/format.ts';
import { type MessageStatus, Tick } from './tick.tsx';

export const stages = ['waiting', 'sending', 'sent', 'delivered', 'read'] as const;
export type Stage = (typeof stages)[number];
export type Branch = 'left' | 'unknown' | 'failed';

const ticks: Record<Stage | Branch, MessageStatus> = {
  waiting: 'queued',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  left: 'cancelled',
  unknown: 'unknown',
  failed: 'failed',
};

/** Waiting and sending: there now. Sent, delivered, read: have got so far. */
export type Counts = Record<Stage | Branch, number>;

/** Counts of a strip, out of the number of messages in each status. */
export function countsOf(byStatus: Record<string, number>): Counts {
  const of = (...statuses: MessageStatus[]) => statuses.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
  return {
    waiting: of('queued'),
    sending: of('sending'),
    sent: of('sent', 'delivered', 'read', 'played'),
    delivered: of('delivered', 'read', 'played'),
    read: of('read', 'played'),
    left: of('cancelled', 'expired'),
    unknown: of('unknown'),
    failed: of('failed'),
  };
}

export const totalOf = ({ waiting, sending, sent, left, unknown, failed }: Counts): number =>
  waiting + sending + sent + left + unknown + failed;

/** Lines below the stations: shares of all, and of the `taken` messages that the channel took. Some of these failed later. */
export function useShares(counts: Counts, taken: number): Partial<Record<Stage | Branch, string>> {
  const { t } = useTranslation();
  const { percent } = useFormat();
  const total = totalOf(counts);
  const ofAll = (part: number) => (total > 0 ? t('strip.ofAll', { share: percent(part / total) }) : '');
  const ofSent = (part: number) => (taken > 0 ? t('strip.ofSent', { share: percent(part / taken) }) : '');
  const failedLater = Math.max(0, taken - counts.sent);
  return {
    sent: failedLater > 0 ? t('strip.failedLater', { count: failedLater }) : ofAll(counts.sent),
    delivered: ofSent(counts.delivered),
    read: ofSent(counts.read),
    failed: ofAll(counts.failed),
  };
}

/** The share of all that got here, that went on, and that is here now. */
function flowOf(counts: Counts, index: number): CSSProperties {
  const total = totalOf(counts) || 1;
  const reach = [
    1,
    (total - counts.waiting) / total,
    counts.sent / total,
    counts.delivered / total,
    counts.read / total,
  ];
  const here = hereOf(counts)[index] ?? 0;
  return { '--from': reach[index], '--to': reach[index + 1] ?? 0, '--here': here / total } as CSSProperties;
}

const hereOf = ({ waiting, sending, sent, delivered, read }: Counts) => [
  waiting,
  sending,
  sent - delivered,
  delivered - read,
  read,
];

interface Props {
  counts: Counts;
  small?: boolean;
  /** Another scale, such as that of a wall. */
  className?: string;
  label: string;
  /** One line below the number of a station, or of a branch. */
  sub?: Partial<Record<Stage | Branch, ReactNode>>;
  /** Makes the name of a station a link, whose target is the whole station. */
  link?: (at: Stage | Branch, name: ReactNode) => ReactNode;
}

export function Strip({ counts, small = false, className, label, sub = {}, link = (_, name) => name }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const isEmpty = totalOf(counts) === 0;
  const here = hereOf(counts);
  const branches = (['left', 'unknown', 'failed'] as const).filter(branch => counts[branch] > 0);
  return (
    <ul className={cx('strip', small && 'strip-small', className)} aria-label={label}>
      {stages.map((stage, index) => (
        <li
          key={stage}
          className={cx('stage', isEmpty ? 'is-rest' : (here[index] ?? 0) > 0 && 'is-here')}
          data-stage={stage}
          title={small ? t(`stage.${stage}`) : undefined}
          style={flowOf(counts, index)}
        >
          <span className="name">
            <Tick status={ticks[stage]} />
            {link(stage, <span className={small ? 'sr-only' : undefined}>{t(`stage.${stage}`)}</span>)}
          </span>
          <span className="n">{number(counts[stage])}</span>
          {!small && <span className="sub">{sub[stage]}</span>}
          <span className="flow" aria-hidden="true" />
        </li>
      ))}
      {branches.map(branch => (
        <li key={branch} className="branch" data-stage={branch} title={small ? t(`stage.${branch}`) : undefined}>
          <span className="name">
            <Tick status={ticks[branch]} />
            {link(branch, <span className={small ? 'sr-only' : undefined}>{t(`stage.${branch}`)}</span>)}
            <span className="num">{number(counts[branch])}</span>
          </span>
          {!small && sub[branch] && <span className="sub">{sub[branch]}</span>}
        </li>
      ))}
    </ul>
  );
}

export interface Moment {
  stage: Stage;
  /** The moment, or words such as "not yet". */
  text: string;
  sub?: ReactNode;
  /** Not reached. */
  rest?: boolean;
}

/** The strip of one message: the same stations with their moments. */
export function StripOne({ moments, label, branch }: { moments: Moment[]; label: string; branch?: ReactNode }) {
  const { t } = useTranslation();
  const last = moments.findLastIndex(({ rest }) => !rest);
  return (
    <ul className="strip strip-one" aria-label={label}>
      {moments.map(({ stage, text, sub, rest }, index) => (
        <li
          key={stage}
          className={cx('stage', rest && 'is-rest', index === last && 'is-now')}
          data-stage={stage}
          style={{ '--from': 1, '--to': 1 } as CSSProperties}
        >
          <span className="name">
            <Tick status={ticks[stage]} />
            {t(`stage.${stage}`)}
          </span>
          <span className="n">{text}</span>
          <span className="sub">{sub}</span>
          <span className="flow" aria-hidden="true" />
        </li>
      ))}
      {branch}
    </ul>
  );
}

const ways: Partial<Record<MessageStatus, readonly (Stage | Branch)[]>> = {
  queued: ['waiting'],
  sending: ['waiting', 'sending'],
  sent: ['waiting', 'sending', 'sent'],
  delivered: ['waiting', 'sending', 'sent', 'delivered'],
  read: stages,
  played: stages,
  failed: ['waiting', 'sending', 'failed'],
  unknown: ['waiting', 'unknown'],
};

/** One message in a table cell. */
export function Mini({ status }: { status: MessageStatus }) {
  const { t } = useTranslation();
  const way = ways[status] ?? [];
  return (
    <span className="mini" role="img" aria-label={t(`status.${status}`)}>
      {stages.map((stage, index) => {
        const at = way[index];
        const isLast = index === way.length - 1 && at !== 'failed' && at !== 'unknown';
        return <i key={stage} className={at && cx(at, isLast && 'at')} />;
      })}
    </span>
  );
}
