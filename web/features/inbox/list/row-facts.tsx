// The third line of a row, where several people work: how long the person waits, and the labels. Who gives out work
// need not open each conversation to know them.
import type { Conversation } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { LabelMark } from '../../../components/label-pill.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useNow } from '../../../kit/use-now.ts';

const minute = 60_000;
const soonMs = 120 * minute;
const mostLabels = 2;

/** Whether a row has such a line. */
export const hasFacts = ({ waiting_since: since, labels }: Conversation): boolean =>
  since !== null || labels.length > 0;

export function RowFacts({ row: { waiting_since: since, window, labels } }: { row: Conversation }) {
  return (
    <span className="col-span-2 col-start-2 mt-0.5 flex min-w-0 items-center gap-2.5 overflow-hidden text-12 whitespace-nowrap text-muted">
      {since !== null && <Wait since={since} window={window} />}
      {labels.slice(0, mostLabels).map(({ id, name, color }) => (
        <span key={id} className="flex min-w-0 items-center gap-1">
          <LabelMark color={color} />
          <bdi className="cut">{name}</bdi>
        </span>
      ))}
    </span>
  );
}

function Wait({ since, window: { open, until } }: { since: string; window: Conversation['window'] }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const now = useNow(minute / 2);
  const inMinutes = (ms: number) => duration(Math.max(60, Math.floor(ms / minute) * 60));
  const left = open && until !== null ? Date.parse(until) - now : soonMs;
  return (
    <>
      {left < soonMs && (
        <span className="flex-none font-medium text-warning">{t('inbox.row.closes', { time: inMinutes(left) })}</span>
      )}
      <span className="flex-none">{t('inbox.row.waits', { time: inMinutes(now - Date.parse(since)) })}</span>
    </>
  );
}

/** The face of the person whose conversation it is; a ring for nobody. */
export function Assignee({ assignee }: Pick<Conversation, 'assignee'>) {
  const { t } = useTranslation();
  const words = assignee ? t('inbox.row.assigned', { name: assignee.name }) : t('inbox.row.ofNobody');
  return (
    <span role="img" aria-label={words} title={words} className="flex-none">
      {assignee ? (
        <Avatar name={assignee.name} size="tiny" />
      ) : (
        <span className="block size-5 rounded-full border border-dashed border-line" />
      )}
    </span>
  );
}
