// What the person was told of, newest first.
import type { Notification } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell, CheckCheck, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../components/button.tsx';
import { ListPage } from '../../components/list-page.tsx';
import { Dot, Pill } from '../../components/marks.tsx';
import { Empty } from '../../components/states.tsx';
import { notificationsQuery, readNotifications } from '../../data/notifications.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';
import { useToldWords } from '../../words/told.ts';
import { kindIcons } from './kinds.ts';

export function NotificationListPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(notificationsQuery);
  const readAll = useAction({ ...readNotifications, done: t('hear.allRead') });
  const read = useAction(readNotifications);
  const { about } = useToldWords();
  const hasUnread = list.data?.rows.some(({ read_at }) => read_at === null) ?? false;
  return (
    <ListPage
      title={t('nav.notifications')}
      example={{
        method: 'GET',
        path: '/api/v1/me/notifications?unread=true',
        sdk: 'for await (const told of recado.me.listNotifications({ unread: true }))\n  console.log(told.kind, told.conversation?.name, told.count);',
        personOnly: true,
      }}
      buttons={
        <>
          <Link to="/settings/your-notifications" className={buttonLook('quiet')}>
            <Settings size={16} strokeWidth={1.75} aria-hidden="true" />
            {t('hear.change')}
          </Link>
          {hasUnread && (
            <Button kind="line" icon={CheckCheck} busy={readAll.isPending} onClick={() => readAll.mutate({})}>
              {t('hear.readAll')}
            </Button>
          )}
        </>
      }
      list={list}
      label={t('nav.notifications')}
      failed={t('hear.failed')}
      columns={useColumns()}
      isOff={({ read_at }) => read_at !== null}
      actions={told =>
        told.read_at === null && (
          <Button
            size="small"
            aria-label={t('hear.readOne', { name: about(told) })}
            onClick={() => read.mutate({ notification_id: told.id })}
          >
            {t('hear.read')}
          </Button>
        )
      }
      empty={
        <Empty icon={Bell} title={t('hear.none')}>
          {t('hear.noneWords')}
        </Empty>
      }
    />
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { when, exact, number } = useFormat();
  const { says, about } = useToldWords();
  return [
    {
      head: t('hear.what'),
      look: 'wide small-full',
      cell: (told: Notification) => {
        const Icon = kindIcons[told.kind];
        return (
          <span className="flex min-w-0 items-center gap-3">
            {told.read_at === null ? <Dot health="info" /> : <span className="w-2" />}
            <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
            <span className="min-w-0">
              <About told={told} name={about(told)} />
              <span className="cut block text-13 text-muted">
                {told.read_at === null && <span className="sr-only">{t('hear.unread')} </span>}
                {says(told)}
                {told.text !== null && (told.kind === 'message' || told.kind === 'followed') && (
                  <>
                    {': '}
                    <bdi>{told.text}</bdi>
                  </>
                )}
              </span>
            </span>
          </span>
        );
      },
    },
    {
      head: t('hear.times'),
      end: true,
      look: 'small-hidden',
      cell: ({ count }: Notification) => count > 1 && <Pill>{number(count)}</Pill>,
    },
    {
      head: t('hear.at'),
      end: true,
      look: 'text-muted',
      title: ({ at }: Notification) => exact(at),
      cell: ({ at }: Notification) => when(at),
    },
  ];
}

function About({ told: { kind, conversation, campaign, read_at }, name }: { told: Notification; name: string }) {
  const look = read_at === null ? 'cut block font-medium link' : 'cut block link';
  if (campaign)
    return (
      <Link to="/campaigns/$campaignId/approval" params={{ campaignId: campaign.id }} className={look}>
        <bdi>{name}</bdi>
      </Link>
    );
  if (!conversation)
    return (
      <Link to={kind === 'approval_rule' ? '/campaigns' : '/alerts'} className={look}>
        {name}
      </Link>
    );
  return (
    <Link to="/inbox/$conversationId" params={{ conversationId: conversation.id }} search={{}} className={look}>
      <bdi>{name}</bdi>
    </Link>
  );
}
