// The history lane: asks a channel what it lists of an account's unknown calls, and writes that into their timelines.

import type { Job, LaneKind } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import type { Channel, History } from '../../ports/channel.ts';
import { type Finding, hasFit, judge, slackMs } from './history.ts';
import {
  claimHistory,
  dueHistoryLanes,
  handBackHistory,
  knownIds,
  recordHistory,
  type UncertainCall,
} from './history-store.ts';

export interface HistoryLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'historyChecks'>;
  channels: Record<string, Channel>;
}

/** Longer than a channel takes for all pages, and not longer than the engine waits for a job. */
const leaseSeconds = 120;
/** Calls of one look; more of them wait for the next. */
const callsAtOnce = 1_000;

/** Makes the history lane. What it finds is evidence for people: nothing is ever sent because of it. */
export function historyLane({ db, clock, log, metrics, channels }: HistoryLaneNeeds): LaneKind {
  const served = Object.keys(channels).filter(name => channels[name]?.history !== undefined);

  async function look(accountId: string, calls: UncertainCall[]): Promise<undefined> {
    const [first] = calls;
    const ask = first && channels[first.channel]?.history;
    if (!ask) throw new Error(`claimed calls of the channel ${first?.channel}, which has no history here`);
    const since = Math.min(...calls.map(call => call.started_at.getTime())) - slackMs;
    const history = await ask(first.phone_number_id, new Date(since));
    const findings = await judgeAll(accountId, calls, history);
    const waitMs = history.class === 'failed' ? (history.waitMs ?? 0) : undefined;
    if (history.class === 'failed')
      log.warn({ account: accountId, code: history.code }, 'a channel’s history did not come');
    const written = await recordHistory(db.atomic, accountId, findings, waitMs, clock.sqlNow());
    if (written === undefined) return;
    for (const { finding } of findings)
      metrics.historyChecks.inc({ outcome: history.class === 'failed' ? 'failed' : finding.result });
  }

  async function judgeAll(accountId: string, calls: UncertainCall[], history: History) {
    const known =
      history.class === 'failed'
        ? new Map()
        : await knownIds(
            db,
            accountId,
            history.entries.map(entry => entry.channelMessageId),
          );
    const findingOf = ({ address, started_at: startedAt, ended_at: endedAt }: UncertainCall): Finding =>
      history.class === 'failed'
        ? { result: 'inconclusive', reason: 'channel_error', code: history.code, title: history.title }
        : judge({ address, startedAt, endedAt }, history.entries, history.complete, known);
    const complete = history.class === 'listed' && history.complete;
    return calls.map(call => {
      const finding = findingOf(call);
      return { call, finding, fits: hasFit(finding, complete) };
    });
  }

  const job = (accountId: string, calls: UncertainCall[]): Job => ({
    run: () => look(accountId, calls),
    handBack: () => handBackHistory(db, accountId, calls[0]?.fence ?? 0),
  });

  return {
    kind: 'history',
    concurrency: 1,
    async claim(accountId) {
      const { calls, waitMs } = await claimHistory(
        db.atomic,
        { accountId, max: callsAtOnce, channels: served, leaseSeconds },
        clock.sqlNow(),
      );
      return {
        jobs: calls.length > 0 ? [job(accountId, calls)] : [],
        waitMs,
        more: false,
      };
    },
    due: () => dueHistoryLanes(db, served, clock.sqlNow()),
  };
}
