// One message: where it is and why, its timeline, its attempts, what it says, and what can be done.
import type { MessageDetails } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { actionIcons, useActionsOf, useRetry } from '../../../components/message/actions.ts';
import { BulkDialog } from '../../../components/message/bulk-dialog.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import type { BulkAction } from '../../../data/bulk.ts';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { messageQuery } from '../../../data/messages.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { Attempts } from './attempts.tsx';
import { DeliveryPath } from './delivery-path.tsx';
import { MessageContent, MessageFacts } from './facts.tsx';
import { Sentence } from './sentence.tsx';
import { Timeline } from './timeline.tsx';

/** Events say nothing of why it waits. */
const refetchInterval = 5_000;

export function MessagePage() {
  const { t } = useTranslation();
  const { messageId } = useParams({ from: '/inside/messages/$messageId' });
  const message = useQuery({ ...messageQuery(messageId), refetchInterval });
  const back = { to: '/queue', label: t('message.back') } as const;
  return (
    <PageOfOne query={message} title={t('message.title')} back={back} failed={t('message.failed')}>
      {shown => <Shown message={shown} back={back} />}
    </PageOfOne>
  );
}

function Shown({ message, back }: { message: MessageDetails; back: { to: '/queue'; label: string } }) {
  const { t } = useTranslation();
  const person = useQuery(contactsOfQuery([message])).data?.get(message.contact_id);
  const account = useAccounts().find(({ id }) => id === message.account_id);
  const isOurs = message.direction === 'outbound';
  const address = isOurs ? message.to : message.from;
  const name = person?.name ?? (address === null ? t('message.nameless') : phoneToRead(address));
  return (
    <Page
      title={t(isOurs ? 'message.to' : 'message.from', { name })}
      back={back}
      example={exampleOf(message)}
      actions={
        <>
          <Link
            to="/inbox/$conversationId"
            params={{ conversationId: message.conversation_id }}
            className={`${buttonLook('line')} max-md:hidden`}
          >
            {t('queue.conversation')}
          </Link>
          <Actions message={message} />
        </>
      }
    >
      <Sentence message={message} account={account} name={name} />
      {isOurs && <DeliveryPath message={message} account={account} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-8">
          <Timeline message={message} account={account} />
          {isOurs && <Attempts message={message} account={account} />}
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-4">
          <MessageContent message={message} name={name} />
          <MessageFacts message={message} account={account} name={name} />
        </div>
      </div>
    </Page>
  );
}

function Actions({ message }: { message: MessageDetails }) {
  const { t } = useTranslation();
  const actions = useActionsOf()(message);
  const retry = useRetry();
  const [asked, setAsked] = useState<BulkAction>();
  return (
    <>
      {actions.map(action => (
        <Button
          key={action}
          kind={action === 'cancel' ? 'danger' : 'primary'}
          icon={actionIcons[action]}
          busy={action === 'retry' && retry.isPending}
          onClick={() => (action === 'retry' ? retry.mutate(message) : setAsked(action))}
        >
          {t(`queue.action.${action}`)}
        </Button>
      ))}
      {asked && <BulkDialog target={{ action: asked, ids: [message.id] }} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function exampleOf({ id, status }: MessageDetails) {
  const path = `/api/v1/messages/${id}`;
  if (status === 'failed')
    return { method: 'POST', path: `${path}/retry`, sdk: `await recado.messages.retry('${id}');` };
  if (status === 'queued' || status === 'scheduled')
    return { method: 'POST', path: `${path}/cancel`, sdk: `await recado.messages.cancel('${id}');` };
  if (status === 'unknown')
    return {
      method: 'POST',
      path: `${path}/resolve`,
      body: { resolution: 'sent' },
      sdk: `await recado.messages.resolve('${id}', { resolution: 'sent' });`,
    };
  return {
    method: 'GET',
    path,
    sdk: `const message = await recado.messages.get('${id}');\nconsole.log(message.status, message.events.length);`,
  };
}
