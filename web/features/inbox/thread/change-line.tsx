// A line between messages: who closed, snoozed, reopened or assigned the conversation, and why.
import type { ConversationChange } from '@recado/client';
import { AlarmClock, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useDayWords } from '../days.ts';

export function ChangeLine({ change, name }: { change: ConversationChange; name: string }) {
  const { t } = useTranslation();
  const { tOr } = useTextOr();
  const { clock, duration, exact, moment } = useFormat();
  const days = useDayWords();
  const { by, until } = change;
  const who = by?.name ?? '';
  const snoozeWords = () =>
    until === null
      ? t('inbox.line.snoozed', { who })
      : t('inbox.line.snoozedUntil', { who, when: moment(new Date(until)).words });
  /** What the rules of a team did. */
  const ruleWords = ({ assignee, former_assignee: former, team, reason, minutes }: ConversationChange) => {
    const from = former?.name ?? '';
    if (reason === 'no_answer') return t('inbox.line.noAnswer', { who: from, minutes: duration((minutes ?? 0) * 60) });
    if (reason === 'offline') return t('inbox.line.wentOffline', { who: from });
    if (reason === 'had_last' && assignee) return t('inbox.line.hadLast', { who: assignee.name, name });
    if (assignee) return t('inbox.line.has', { who: assignee.name });
    return t('inbox.line.queued', { name: team?.name ?? '' });
  };
  const assignWords = () => {
    const { assignee, team, reason } = change;
    if (reason === 'left') return t('inbox.line.left');
    if (reason === 'answered' && assignee) return t('inbox.line.took', { who: assignee.name });
    if (by === null) return ruleWords(change);
    const words = assignee
      ? t('inbox.line.gave', { who, name: assignee.name })
      : team
        ? t('inbox.line.gave', { who, name: team.name })
        : t('inbox.line.freed', { who });
    return reason === null ? words : `${words}: ${reason}`;
  };
  const at = (
    <time dateTime={change.at} title={exact(change.at)} className="num">
      {days.long(change.at)}, {clock(change.at)}
    </time>
  );
  if (change.change === 'snoozed' || change.change === 'assigned') {
    const Icon = change.change === 'snoozed' ? AlarmClock : UserRound;
    return (
      <p className="mx-auto flex max-w-[88%] items-start gap-1.5 py-1 text-center text-12 text-muted">
        <Icon size={13} strokeWidth={1.75} className="mt-0.5 flex-none" aria-hidden="true" />
        <span>
          <bdi>{change.change === 'snoozed' ? snoozeWords() : assignWords()}</bdi>
          {' · '}
          {at}
        </span>
      </p>
    );
  }
  const why =
    change.change === 'closed'
      ? by
        ? change.reason
        : change.reason && tOr(`inbox.line.why.${change.reason}`, change.reason)
      : tOr(`inbox.line.why.${change.reason}`, change.reason ?? '', { name, who: who || t('inbox.onPhone') });
  return (
    <div className="episode-line">
      <span>
        <b className="font-medium text-text">{t(`inbox.line.${change.change}`)}</b>{' '}
        {change.change === 'closed' && by && <bdi>{t('inbox.line.by', { who })} </bdi>}
        {at}
        {why && (
          <>
            {': '}
            <bdi>{why}</bdi>
          </>
        )}
        {change.episode !== null && `. ${t('inbox.line.episode', { number: change.episode })}`}
      </span>
    </div>
  );
}
