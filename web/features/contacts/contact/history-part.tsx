// The messages with a person in all accounts, day by day.
import type { Message } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { More } from '../../../components/list-table.tsx';
import { Answer, Empty, SkeletonRows } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { Tick } from '../../../components/tick.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { historyQuery } from '../../../data/messages.ts';
import { useFormat } from '../../../kit/format.ts';
import { useGist } from '../../../words/gist.ts';
import { useDayWords } from '../../inbox/index.ts';

export function HistoryPart({ contactId }: { contactId: string }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(historyQuery(contactId));
  const days = useDayWords();
  return (
    <Answer query={list} failed={t('contacts.historyFailed')} skeleton={<SkeletonRows />}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Card>
            <Empty icon={History} title={t('contacts.noHistory')}>
              {t('contacts.noHistoryWords')}
            </Empty>
          </Card>
        ) : (
          <div className="grid gap-3">
            <Card>
              <ol>
                {byDay(rows, days.long).map(([day, messages]) => (
                  <li key={day} className="border-b border-border py-3 last:border-0">
                    <h2 className="px-4 pb-1 text-13 font-medium text-muted md:px-5">{day}</h2>
                    <ol>
                      {messages.map(message => (
                        <HistoryRow key={message.id} message={message} />
                      ))}
                    </ol>
                  </li>
                ))}
              </ol>
            </Card>
            <More list={list} />
          </div>
        )
      }
    </Answer>
  );
}

/** Messages in their order, under the words of their day. */
function byDay(messages: readonly Message[], dayOf: (time: string) => string): [string, Message[]][] {
  const days: [string, Message[]][] = [];
  for (const message of messages) {
    const day = dayOf(message.created_at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(message);
    else days.push([day, [message]]);
  }
  return days;
}

function HistoryRow({ message }: { message: Message }) {
  const { clock, exact } = useFormat();
  const gist = useGist()(message);
  const account = useAccounts().find(({ id }) => id === message.account_id);
  return (
    <li>
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId: message.conversation_id }}
        search={{ message: message.id }}
        className="flex min-w-0 items-center gap-3 px-4 py-1.5 text-text no-underline hover:bg-hover focus-visible:outline-offset-[-2px] md:px-5"
      >
        <span className="num w-16 flex-none text-end text-13 text-muted" title={exact(message.created_at)}>
          {clock(message.created_at)}
        </span>
        <Tick status={message.status} />
        <bdi className="cut min-w-0 flex-1">{gist}</bdi>
        <bdi className="cut max-w-40 flex-none text-13 text-faint max-md:hidden">{account?.name}</bdi>
      </Link>
    </li>
  );
}
