// One conversation in the list: who, its last message with its tick, and how many are unread.

import type { Conversation } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar, Count } from '../../../components/marks.tsx';
import { Tick } from '../../../components/tick.tsx';
import { useMe } from '../../../data/me.ts';
import { useOthersIn } from '../../../data/presence.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { plainOf } from '../../../kit/formatting.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useDraft } from '../composer/draft.ts';
import { focusComposer } from '../composer/focus.ts';
import { contentTypes } from '../content-types.ts';
import { useDayWords } from '../days.ts';
import { useContactName } from '../names.ts';
import { SeenBy } from '../presence.tsx';
import type { InboxSearch } from '../search.ts';
import { firstNameOf, namedSender } from '../sender.ts';
import { Assignee, hasFacts, RowFacts } from './row-facts.tsx';

interface Props {
  row: Conversation;
  search: InboxSearch;
  isOpen: boolean;
  /** Whether several people work here: then it says whose it is, and how long the person waits. */
  isTeam: boolean;
  /** Whether Tab comes to it. */
  isReachable: boolean;
  /** Only where there are several accounts. */
  accountName: string | undefined;
  /** Whether it is picked; undefined while nothing is picked. */
  pick: boolean | undefined;
  onPick: (id: string) => void;
}

export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { row, search, isOpen, isTeam, isReachable, accountName, pick, onPick } = props;
  const { t } = useTranslation();
  const { number, exact } = useFormat();
  const days = useDayWords();
  const name = useContactName()(row.contact);
  const isUnread = row.unread_count > 0;
  const hasEnd = useOthersIn(row.id).length > 0 || isUnread || isTeam;
  const look = cx(
    'conv relative grid h-full grid-cols-[40px_minmax(0,1fr)_auto] content-center items-center gap-x-3 gap-y-px px-4 hover:bg-hover focus-visible:-outline-offset-2',
    pick === undefined
      ? 'data-open:bg-selected data-open:before:absolute data-open:before:inset-y-2 data-open:before:start-0 data-open:before:w-[3px] data-open:before:rounded-e-[2px] data-open:before:bg-accent-line'
      : pick && 'bg-selected',
  );
  const link = {
    to: '/inbox/$conversationId',
    params: { conversationId: row.id },
    search: { ...search, message: undefined, note: undefined },
    preload: false,
    tabIndex: isReachable ? 0 : -1,
  } as const;
  const words = (
    <>
      {/* The account stands beside the name where a word of it has room; else it wraps out of sight. */}
      <span
        className={cx(
          'flex h-5 min-w-0 flex-wrap items-center gap-x-1.5 overflow-hidden leading-5',
          isUnread ? 'font-strong' : 'font-medium',
        )}
      >
        {pick === undefined ? (
          <bdi className="cut max-w-full flex-[0_1_auto]">{name}</bdi>
        ) : (
          <Link {...link} className="cut max-w-full flex-[0_1_auto]">
            <bdi>{name}</bdi>
          </Link>
        )}
        {accountName !== undefined && (
          <span className="cut flex-[1_0_72px] text-12/5 font-regular text-faint">
            <bdi>{accountName}</bdi>
          </span>
        )}
      </span>
      <time
        dateTime={row.last_message_at}
        title={exact(row.last_message_at)}
        className={cx('num justify-self-end text-12', isUnread ? 'font-medium text-accent-text' : 'text-faint')}
      >
        {days.short(row.last_message_at)}
      </time>
      <LastMessage row={row} isOpen={isOpen} hasEnd={hasEnd} />
      {hasEnd && (
        <span className="flex items-center gap-1.5 justify-self-end">
          <SeenBy conversationId={row.id} most={1} />
          {isUnread && (
            <Count>
              {number(row.unread_count)}
              <span className="sr-only"> {t('inbox.unreadWord', { count: row.unread_count })}</span>
            </Count>
          )}
          {isTeam && <Assignee assignee={row.assignee} />}
        </span>
      )}
      {isTeam && hasFacts(row) && <RowFacts row={row} />}
    </>
  );
  if (pick !== undefined)
    return (
      <div className={look}>
        {/* The check box has the name. */}
        <label className="row-span-2 grid size-10 cursor-pointer place-items-center">
          <input
            type="checkbox"
            className="check"
            checked={pick}
            data-row-focus=""
            tabIndex={isReachable ? 0 : -1}
            aria-label={t('inbox.bulk.pickOne', { name })}
            onChange={() => onPick(row.id)}
          />
        </label>
        {words}
      </div>
    );
  return (
    <Link
      {...link}
      data-row-focus=""
      data-open={isOpen || undefined}
      data-pane-start={isReachable || undefined}
      // The field takes the focus as the conversation opens; of the open one nothing opens.
      onClick={isOpen ? focusComposer : undefined}
      className={look}
    >
      <span className="row-span-2">
        <Avatar name={name} size="large" />
      </span>
      {words}
    </Link>
  );
});

function LastMessage({ row, isOpen, hasEnd }: { row: Conversation; isOpen: boolean; hasEnd: boolean }) {
  const { t } = useTranslation();
  const { tOr } = useTextOr();
  const me = useMe().person?.id;
  const draft = useDraft(row.id).text.trim();
  const last = row.last_message;
  const isUnread = row.unread_count > 0;
  const look = cx('flex min-w-0 items-center gap-1.5 text-13', !hasEnd && 'col-span-2');
  if (draft !== '' && !isOpen)
    return (
      <span className={cx(look, 'text-muted')}>
        <span className="cut">
          <span className="font-medium text-accent-text">{t('inbox.draft')}</span> <bdi>{draft.slice(0, 120)}</bdi>
        </span>
      </span>
    );
  if (last === null) return <span className={cx(look, 'text-faint')}>{t('inbox.noMessages')}</span>;
  const isOurs = last.direction === 'outbound';
  const isFailed = isOurs && last.status === 'failed';
  const isUnknown = isOurs && last.status === 'unknown';
  const Icon = contentTypes[last.type].icon;
  const words = () => {
    const code = last.error_code ?? '';
    if (isFailed) return t('inbox.notSent', { why: tOr(`inbox.failed.${code}`, code) });
    if (isUnknown) return t('inbox.unknown.short');
    const text = last.text === null ? t(`contentType.inbox.${last.type}`) : plainOf(last.text);
    const sender = isOurs && !Icon ? namedSender(last) : undefined;
    if (sender?.id === me) return t('inbox.youWrote', { text });
    // A program has no first name, and its tick says that it is ours.
    if (!sender?.id.startsWith('per_')) return text;
    return t('inbox.wrote', { name: `\u2068${firstNameOf(sender.name)}\u2069`, text });
  };
  return (
    <span
      className={cx(
        look,
        isFailed && 'text-danger',
        isUnknown && 'text-warning',
        !isFailed && !isUnknown && (isUnread ? 'text-text' : 'text-muted'),
      )}
    >
      {isOurs && (
        <span
          className={cx(
            'flex-none',
            !isFailed && !isUnknown && 'text-faint',
            last.status === 'read' && 'text-accent-text',
          )}
        >
          <Tick status={last.status} label={t(`status.${last.status}`)} />
        </span>
      )}
      {Icon && !isFailed && !isUnknown && (
        <Icon size={14} strokeWidth={1.75} aria-hidden="true" className="text-faint" />
      )}
      <bdi className="cut">{words()}</bdi>
    </span>
  );
}
