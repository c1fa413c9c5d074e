// What a message says, read-only, and its facts with ids to copy.
import type { Account, MessageDetails } from '@recado/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../components/code.tsx';
import { ChargeWords } from '../../../components/message/charge-words.tsx';
import { Card, CardBody, Facts } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { MessageView } from '../../inbox/index.ts';

export function MessageContent({ message, name }: { message: MessageDetails; name: string }) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('message.content')}
      className="flex flex-col rounded-card border border-border bg-canvas p-4"
    >
      <MessageView message={message} name={name} />
    </section>
  );
}

const Id = ({ text, label }: { text: string; label: string }) => (
  <span className="flex min-w-0 items-start gap-1">
    <code dir="ltr" className="min-w-0 flex-1 text-12/5 wrap-anywhere">
      {text}
    </code>
    <span className="-my-1 flex-none">
      <CopyButton text={text} label={label} />
    </span>
  </span>
);

interface Props {
  message: MessageDetails;
  account: Account | undefined;
  name: string;
}

export function MessageFacts({ message, account, name }: Props) {
  const { t } = useTranslation();
  const { day, clock } = useFormat();
  const isOurs = message.direction === 'outbound';
  const address = isOurs ? message.to : message.from;
  const number = address && phoneToRead(address);
  const moment = (at: string | null) => (at === null ? t('message.never') : `${day(at)}, ${clock(at)}`);
  const facts: (readonly [string, ReactNode])[] = [
    [
      t(isOurs ? 'message.fact.to' : 'message.fact.from'),
      <span key="person">
        <Link to="/inbox/$conversationId" params={{ conversationId: message.conversation_id }} className="link">
          <bdi>{name}</bdi>
        </Link>
        {number !== null && number !== name && <bdi className="num block text-muted">{number}</bdi>}
      </span>,
    ],
    [
      t('message.fact.account'),
      <Link key="account" to="/accounts/$accountId" params={{ accountId: message.account_id }} className="link">
        <bdi>{account?.name ?? message.account_id}</bdi>
      </Link>,
    ],
    ...(message.priority === null
      ? []
      : [[t('message.fact.priority'), t(`message.priority.${message.priority}`)] as const]),
    ...(isOurs ? [[t('message.fact.expires'), moment(message.expires_at)] as const] : []),
    ...(message.send_at === null ? [] : [[t('message.fact.sendAt'), moment(message.send_at)] as const]),
    ...(message.created_by ? [[t('message.fact.by'), <bdi key="by">{message.created_by.name}</bdi>] as const] : []),
    ...(message.reference === null
      ? []
      : [[t('message.fact.reference'), <bdi key="reference">{message.reference}</bdi>] as const]),
    ...(message.charge ? [[t('message.fact.cost'), <ChargeWords key="cost" charge={message.charge} />] as const] : []),
    [t('message.fact.id'), <Id key="id" text={message.id} label={t('queue.copyId')} />],
    [
      t('message.fact.channelId'),
      message.channel_message_id === null ? (
        <span key="unknown" className="text-faint">
          {t('message.way.notKnown')}
        </span>
      ) : (
        <Id key="channel" text={message.channel_message_id} label={t('message.copyChannelId')} />
      ),
    ],
  ];
  return (
    <Card>
      <CardBody className="pt-4">
        <Facts facts={facts} />
      </CardBody>
    </Card>
  );
}
