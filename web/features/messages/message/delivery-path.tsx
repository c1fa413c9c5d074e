// The strip of one message: when it came to each station, and where it left.
import type { Account, MessageDetails } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { type Branch, type Moment, type Stage, StripOne, stages } from '../../../components/strip.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { StatusWord } from '../../../components/tick.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useErrorName } from '../../../words/failure.ts';

interface Props {
  message: MessageDetails;
  account: Account | undefined;
}

const ends: Partial<Record<MessageDetails['status'], Branch>> = {
  failed: 'failed',
  unknown: 'unknown',
  cancelled: 'left',
  expired: 'left',
};

export function DeliveryPath({ message, account }: Props) {
  const { t } = useTranslation();
  const { gap, precise } = useFormat();
  const last = message.attempts.at(-1);
  const at: Record<Stage, string | null> = {
    waiting: message.created_at,
    sending: last?.started_at ?? null,
    sent: message.sent_at,
    delivered: message.delivered_at,
    read: message.read_at,
  };
  const most = account?.delivery.retry.attempts;
  const sub: Partial<Record<Stage, string>> = {
    waiting: t('message.way.accepted'),
    ...(last &&
      most !== undefined && {
        sending: t('message.way.attempt', { number: last.number, most: Math.max(most, last.number) }),
      }),
  };
  const isUnknown = message.status === 'unknown';
  const moments = stages.map((stage, index): Moment => {
    const moment = at[stage];
    const before = stages.slice(0, index).findLast(each => at[each] !== null);
    if (moment === null)
      return {
        stage,
        rest: true,
        text: t(isUnknown && stage === 'sent' ? 'message.way.notKnown' : 'message.way.notYet'),
      };
    const from = before && at[before];
    return { stage, text: from ? `+${gap(from, moment)}` : precise(moment), sub: sub[stage] };
  });
  return (
    <Card className="px-4 py-5 md:px-5">
      <StripOne label={t('message.way.label')} moments={moments} branch={<WayEnd message={message} />} />
    </Card>
  );
}

/** Where it left the line, and why. */
function WayEnd({ message }: { message: MessageDetails }) {
  const { t } = useTranslation();
  const { clock, precise } = useFormat();
  const errorName = useErrorName();
  const branch = ends[message.status];
  if (!branch) return null;
  const event = message.events.findLast(({ type }) => type === `message.${message.status}`);
  const { error, waiting } = message;
  return (
    <li className="branch" data-stage={branch}>
      <span className="name">
        <StatusWord status={message.status} />
        {event && <span className="num font-normal text-muted">{precise(event.at)}</span>}
      </span>
      <span className="sub">
        {error && `${errorName(error.code, error.title)} (${error.code})`}
        {message.status === 'unknown' &&
          (waiting?.until ? t('message.way.expected', { time: clock(waiting.until) }) : t('message.way.decide'))}
      </span>
    </li>
  );
}
