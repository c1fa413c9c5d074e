// The people who replied to a campaign, with their replies.
import type { Campaign } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MessageCircleReply } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips } from '../../../components/choose.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Empty } from '../../../components/states.tsx';
import { useMay } from '../../../data/me.ts';
import { messageQuery } from '../../../data/messages.ts';
import { useFormat } from '../../../kit/format.ts';
import { useSummary } from '../../../words/gist.ts';
import { replyKinds } from '../search.ts';
import { PersonName, type PersonRow, ReplyPill, usePeople } from './people.tsx';

export function RepliesPart({ campaign, isMoving }: { campaign: Campaign; isMoving: boolean }) {
  const { t } = useTranslation();
  const { exact, when } = useFormat();
  const { replied = 'any' } = useSearch({ from: '/inside/campaigns/$campaignId' });
  const navigate = useNavigate();
  const list = usePeople(campaign, { replied }, isMoving);
  const columns = [
    {
      head: t('campaigns.person'),
      look: 'wide md:w-auto! md:max-w-56!',
      cell: (row: PersonRow) => <PersonName row={row} />,
    },
    { head: t('campaigns.replyColumn'), cell: ({ replied: kind }: PersonRow) => kind && <ReplyPill kind={kind} /> },
    {
      head: t('campaigns.wrote'),
      look: 'small-full md:w-full md:max-w-0',
      cell: (row: PersonRow) => <Reply row={row} />,
    },
    {
      head: t('campaigns.whenColumn'),
      end: true,
      look: 'text-muted',
      title: ({ replied_at: at }: PersonRow) => (at === null ? undefined : exact(at)),
      cell: ({ replied_at: at }: PersonRow) => at !== null && when(at),
    },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Chips label={t('campaigns.peopleFilters')}>
        {replyKinds.map(kind => (
          <Chip
            key={kind}
            pressed={kind === replied}
            onClick={() =>
              void navigate({
                to: '/campaigns/$campaignId',
                params: { campaignId: campaign.id },
                search: { tab: 'replies', replied: kind },
                replace: true,
                resetScroll: false,
              })
            }
          >
            {t(`campaigns.replyKind.${kind}`)}
          </Chip>
        ))}
      </Chips>
      <ListTable
        list={list}
        label={t('campaigns.part.replies')}
        failed={t('campaigns.peopleFailed')}
        short
        columns={columns}
        empty={
          <Empty icon={MessageCircleReply} title={t('campaigns.noReplies')}>
            {t('campaigns.noRepliesWords', { count: campaign.reply_hours })}
          </Empty>
        }
      />
    </section>
  );
}

function Reply({ row: { reply_message_id: id } }: { row: PersonRow }) {
  const may = useMay('messages.read');
  return id !== null && may ? <ReplyText id={id} /> : null;
}

function ReplyText({ id }: { id: string }) {
  const summary = useSummary();
  const { data: message } = useQuery(messageQuery(id));
  if (!message) return null;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: message.conversation_id }}
      className="cut block text-text no-underline hover:underline max-md:py-1"
    >
      <bdi>{summary(message)}</bdi>
    </Link>
  );
}
