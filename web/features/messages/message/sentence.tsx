// Where the message is and why, in one sentence.
import type { Account, MessageDetails } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Advice } from '../../../components/message/advice.tsx';
import { Leaves } from '../../../components/message/leaves.tsx';
import { StatusWord } from '../../../components/tick.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useErrorName } from '../../../words/failure.ts';
import { useReasonWords } from '../../../words/waiting.ts';

interface Props {
  message: MessageDetails;
  account: Account | undefined;
  name: string;
}

export function Sentence({ message, account, name }: Props) {
  const { t } = useTranslation();
  const { clock } = useFormat();
  const because = useReasonWords();
  const errorName = useErrorName();
  const { status, waiting, error } = message;
  if (message.direction === 'inbound') return <Plain message={message}>{t('message.says.received', { name })}</Plain>;
  if (status === 'unknown')
    return (
      <Banner tone="warning" title={t('message.says.unknown')}>
        {waiting?.until
          ? t('message.says.unknownUntil', { time: clock(waiting.until) })
          : t('message.says.unknownOver', { name })}
      </Banner>
    );
  if (status === 'failed' && error)
    return (
      <Banner
        tone="danger"
        title={t('message.says.failed', { why: errorName(error.code, error.title), code: error.code })}
      >
        <Advice error={error} />
      </Banner>
    );
  if (waiting)
    return (
      <Banner tone="info" title={t('message.says.waiting', { reason: t(`queue.reason.${waiting.reason}`) })}>
        {because(waiting.reason, account)}
        {t('message.says.and')}
        <Leaves waiting={waiting} />.
      </Banner>
    );
  return <Plain message={message}>{t(`message.says.${status}`, { name })}</Plain>;
}

const Plain = ({ message, children }: { message: MessageDetails; children: string }) => (
  <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
    <StatusWord status={message.status} />
    <bdi>{children}</bdi>
  </p>
);
