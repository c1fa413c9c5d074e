// In place of the thread: what the picked conversations are, what can be done with them, and what was done just now.
import type { Conversation, ConversationJob } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Progress } from '../../../components/gauge.tsx';
import { Kbd } from '../../../components/marks.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { jobsQuery, stopJob, undoJob } from '../../../data/conversation-jobs.ts';
import { conversationCountQuery } from '../../../data/conversations.ts';
import type { ListFilter } from '../../../data/conversations-cache.ts';
import { useMe } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useNow } from '../../../kit/use-now.ts';
import { useInboxPlace } from '../place.ts';
import { filterOf } from '../search.ts';
import { BulkActions } from './actions.tsx';
import { usePicked, usePickedRows } from './picked.tsx';

const soonMinutes = 120;
const soonMs = soonMinutes * 60_000;
/** The server counts to here; where more fit, it says null. */
const mostCounted = 10_000;

export function BulkPane() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { isAll, all, clear } = usePicked();
  const { rows, total, count } = usePickedRows();
  useHotkeys({ close: clear });
  const filter = filterOf(useInboxPlace().search);
  const [ofRows, ofAll] = [useFactsOfRows(rows), useFactsOfAll(filter, total, isAll)];
  const { waits, lines } = isAll ? ofAll : ofRows;
  return (
    <>
      <header className="flex min-h-bar flex-none items-center gap-2 border-b border-border bg-surface px-4">
        <h2 className="min-w-0 flex-1 text-14">
          <span role="status">{count === null ? t('inbox.bulk.allPicked') : t('inbox.bulk.picked', { count })}</span>
        </h2>
        <Button size="small" onClick={clear}>
          {t('inbox.bulk.clear')}
          <span className="max-md:hidden">
            <Kbd>Esc</Kbd>
          </span>
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 md:p-8">
        <div className="grid max-w-180 gap-6">
          {!isAll && (
            <p className="flex items-center gap-3 rounded-control bg-info-soft px-4 py-2.5 text-13 text-info">
              <ListChecks size={16} strokeWidth={1.75} className="flex-none" aria-hidden="true" />
              <span className="flex-1">
                {total === null ? t('inbox.bulk.fitMany') : t('inbox.bulk.fit', { count: total })}
              </span>
              <LinkButton onClick={all}>
                {total === null ? t('inbox.bulk.takeAll') : t('inbox.bulk.take', { number: number(total) })}
              </LinkButton>
            </p>
          )}
          <These count={count} lines={lines} />
          <section className="grid gap-3">
            <h3 className="text-13 font-semibold">{t('inbox.bulk.what')}</h3>
            <BulkActions rows={rows} isWide />
            <p className="text-13 text-muted">
              {t('inbox.bulk.closingSendsNothing')}
              {waits === null && ` ${t('inbox.bulk.manyWaitAndGetNone', { number: number(mostCounted) })}`}
              {waits !== null && waits > 0 && ` ${t('inbox.bulk.waitAndGetNone', { count: waits })}`}
            </p>
          </section>
          <Jobs />
        </div>
      </div>
    </>
  );
}

/** How many: null above `mostCounted`. Nobody is told of 0. */
type Fact = number | null;

/** The facts that somebody should know before the picked ones are changed. */
interface Facts {
  waits: Fact;
  lines: readonly (readonly [string, Fact])[];
}

function These({ count, lines }: { count: number | null; lines: Facts['lines'] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Card>
      <CardHead title={count === null ? t('inbox.bulk.allPicked') : t('inbox.bulk.these', { count })} />
      <CardBody className="pb-2!">
        <dl className="text-13">
          {lines
            .filter(([, many]) => many !== 0)
            .map(([name, many]) => (
              <div
                key={name}
                className="flex items-center justify-between gap-4 border-b border-border py-2 last:border-0"
              >
                <dt>{name}</dt>
                <dd className="num">{many === null ? `${number(mostCounted)}+` : number(many)}</dd>
              </div>
            ))}
        </dl>
      </CardBody>
    </Card>
  );
}

/** Of the rows that were ticked. */
function useFactsOfRows(rows: readonly Conversation[]): Facts {
  const { t } = useTranslation();
  const { names } = useFormat();
  const me = useMe().person?.id;
  const now = useNow(30_000);
  const waits = rows.filter(row => row.waiting_since !== null).length;
  const closing = rows.filter(
    ({ window: { open, until } }) => open && until !== null && Date.parse(until) - now < soonMs,
  );
  const others = rows.flatMap(({ assignee }) => (assignee && assignee.id !== me ? [assignee.name] : []));
  const counts = [...new Set(others)].map(name => `${name} ${others.filter(each => each === name).length}`);
  return {
    waits,
    lines: [
      [t('inbox.bulk.waits'), waits],
      [t('inbox.bulk.windowCloses'), closing.length],
      [t('inbox.bulk.withOthers', { names: names(counts) }), others.length],
      [t('inbox.bulk.ofNobody'), rows.filter(({ assignee }) => assignee === null).length],
    ],
  };
}

/** How many fit; undefined until the server has answered. */
const useCount = (filter: ListFilter, enabled: boolean): Fact | undefined =>
  useQuery({ ...conversationCountQuery(filter), enabled }).data;

/** Nothing is said of a number that the server has not told yet. */
const told = (count: Fact | undefined): Fact => (count === undefined ? 0 : count);

/** Of all that fit the filter, most of which the list may not have: the server counts them. */
function useFactsOfAll(filter: ListFilter, total: number | null, isAll: boolean): Facts {
  const { t } = useTranslation();
  const { unanswered_minutes: waited = 0, closes_within_minutes: closes = soonMinutes, assignee = 'nobody' } = filter;
  const isAnybodys = filter.assignee === undefined;
  const waits = told(useCount({ ...filter, unanswered_minutes: waited }, isAll));
  const closing = told(useCount({ ...filter, closes_within_minutes: Math.min(closes, soonMinutes) }, isAll));
  const ofNobody = useCount({ ...filter, assignee }, isAll);
  const mine = useCount({ ...filter, assignee: 'me' }, isAll && isAnybodys);
  // The rest of all; above `mostCounted` nobody knows it.
  const isKnown = isAnybodys && total !== null && typeof ofNobody === 'number' && typeof mine === 'number';
  const ofOthers = isKnown ? Math.max(0, total - ofNobody - mine) : 0;
  return {
    waits,
    lines: [
      [t('inbox.bulk.waits'), waits],
      [t('inbox.bulk.windowCloses'), closing],
      [t('inbox.bulk.ofOthers'), ofOthers],
      [t('inbox.bulk.ofNobody'), assignee === 'nobody' ? told(ofNobody) : 0],
    ],
  };
}

function Jobs() {
  const { t } = useTranslation();
  const jobs = useQuery(jobsQuery).data ?? [];
  if (jobs.length === 0) return null;
  return (
    <Card>
      <CardHead title={t('inbox.bulk.jobs')} />
      <ul>
        {jobs.map(job => (
          <Job key={job.id} job={job} />
        ))}
      </ul>
    </Card>
  );
}

function Job({ job }: { job: ConversationJob }) {
  const { t } = useTranslation();
  const { number, clock } = useFormat();
  const stop = useAction(stopJob);
  const undo = useAction(undoJob);
  const now = useNow(30_000);
  const { state, total, done, skipped, undone } = job;
  const left = total - done - skipped;
  const isUnderWay = state === 'running' || state === 'undoing';
  const words = [
    t('inbox.bulk.doneOf', { number: number(done) }),
    skipped > 0 && t('inbox.bulk.skipped', { number: number(skipped) }),
    state === 'running' && t('inbox.bulk.left', { number: number(left) }),
    state === 'stopped' && t('inbox.bulk.stopped'),
    (state === 'undoing' || state === 'undone') && t('inbox.bulk.undone', { number: number(undone) }),
  ];
  const title = t(`inbox.bulk.job.${job.action}`, { number: number(total) });
  return (
    <li className="grid gap-2 border-t border-border px-4 py-3 text-13 md:px-5">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{title}</p>
          <p className="text-muted">{words.filter(Boolean).join(' · ')}</p>
        </div>
        {state === 'running' && (
          <Button size="small" kind="line" busy={stop.isPending} onClick={() => stop.mutate(job.id)}>
            {t('inbox.bulk.stop')}
          </Button>
        )}
        {job.undo_until !== null && Date.parse(job.undo_until) > now && done > 0 && (
          <>
            <span className="num pt-1.5 text-muted max-md:hidden">
              {t('inbox.bulk.undoUntil', { time: clock(job.undo_until) })}
            </span>
            <Button size="small" kind="line" busy={undo.isPending} onClick={() => undo.mutate(job.id)}>
              {t('action.undo')}
            </Button>
          </>
        )}
      </div>
      {isUnderWay && (
        <Progress share={state === 'running' ? (done + skipped) / total : undone / Math.max(1, done)} label={title} />
      )}
    </li>
  );
}
