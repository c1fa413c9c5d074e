// A round: what all rules of all workspaces make of the present, in one transaction. A worker that is killed leaves
// nothing of its round, so another one does it again.
import { type AlertSignal, alertSignals, signalFacts } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { grouped } from '../../kit/grouped.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { isUnstable, step, type Watch } from './machine.ts';
import * as store from './round-store.ts';
import { type Measures, mostFrequentCode, type Reading, readSignal } from './signals-store.ts';

export const roundMs = 30_000;
/** A sweep may come a little before its time. */
const earlyMs = 2_000;

export interface RoundNeeds {
  db: Database;
  clock: Clock;
  measure: () => Promise<Measures>;
}

/** What a round changed. */
export interface Changes {
  opened: store.NewAlert[];
  cleared: string[];
}

/** Does a round, unless another worker has just done it. */
export async function alertRound(
  needs: RoundNeeds,
  tell: (tx: Queryable, changes: Changes, now: Date) => Promise<void>,
) {
  const { db, clock, measure } = needs;
  const measures = await measure();
  const now = new Date(clock.now());
  await db.transaction(async tx => {
    if (!(await store.takeRound(tx, now, roundMs - earlyMs))) return;
    await tell(tx, await oneRound(tx, now, measures), now);
  });
}

async function oneRound(tx: Queryable, now: Date, measures: Measures): Promise<Changes> {
  const unwatched = await store.clearUnwatched(tx, now);
  const rules = await store.readRules(tx);
  const bySignal = grouped(rules, ({ signal }) => signal);
  const watches = grouped(await store.readWatches(tx), ({ rule_id }) => rule_id);
  const work: Work = { kept: [], seen: [], opened: [], updated: [], cleared: unwatched };
  for (const signal of alertSignals) {
    const mine = bySignal.get(signal) ?? [];
    if (mine.length === 0) continue;
    const readings = grouped(await readSignal(tx, signal, now, measures), ({ rule_id }) => rule_id);
    for (const rule of mine) judge(work, rule, readings.get(rule.id) ?? [], watches.get(rule.id) ?? [], now.getTime());
  }
  await addCodes(tx, work, rules, now);
  await store.keepWatches(tx, work.kept);
  await store.clearAlerts(tx, work.cleared, now);
  await store.openAlerts(tx, work.opened, now);
  await store.updateAlerts(tx, work.updated);
  await store.keepSeen(tx, work.seen);
  return { opened: work.opened, cleared: work.cleared };
}

interface Work {
  kept: store.WatchChange[];
  seen: (store.Seen & { id: string })[];
  opened: store.NewAlert[];
  updated: { id: string; value: number; n: number | null; detail: object; unstable: boolean }[];
  cleared: string[];
}

/** Takes all subjects of a rule one step on: those with a reading, and those with a state. */
function judge(
  work: Work,
  rule: store.RoundRule,
  readings: readonly Reading[],
  watches: readonly store.WatchRow[],
  now: number,
): void {
  const missing = signalFacts[rule.signal].silentIsFine ? 0 : null;
  const found = new Map(readings.map(reading => [reading.subject_id, reading]));
  const known = new Map(watches.map(row => [row.subject_id, row]));
  const condition = {
    fireAbove: rule.fire_above,
    clearBelow: rule.clear_below,
    forMs: rule.for_s * 1_000,
    keepMs: rule.keep_s * 1_000,
  };
  for (const id of new Set([...found.keys(), ...known.keys()])) {
    const row = known.get(id);
    const reading = found.get(id);
    const before = row && watchOf(row);
    const after = step(condition, before, reading ? reading.value : missing, now);
    const subject = { rule_id: rule.id, subject_id: id };
    keepWatch(work, { ...subject, workspace_id: rule.workspace_id }, before, after);
    move(work, rule.signal, subject, { row, reading, after });
  }
  keepSeen(work, rule, readings);
}

const watchOf = (row: store.WatchRow): Watch => ({
  state: row.state,
  since: row.since.getTime(),
  changes: row.changes.map(at => at.getTime()),
});

function keepWatch(
  work: Work,
  subject: { rule_id: string; subject_id: string; workspace_id: string },
  before: Watch | undefined,
  after: Watch,
): void {
  const same = before && before.state === after.state && before.changes.length === after.changes.length;
  if (same || (!before && after.state === 'ok')) return;
  const changes = after.changes.map(at => new Date(at));
  work.kept.push({ ...subject, state: after.state, since: new Date(after.since), changes });
}

/** Opens, updates or clears the alert of a subject. An unstable one stays open until it is quiet for an hour. */
function move(
  work: Work,
  signal: AlertSignal,
  subject: { rule_id: string; subject_id: string },
  { row, reading, after }: { row: store.WatchRow | undefined; reading: Reading | undefined; after: Watch },
): void {
  const fires = after.state === 'firing' || after.state === 'clearing';
  const unstable = isUnstable(after) || (row?.unstable === true && after.changes.length > 0);
  const alertId = row?.alert_id ?? undefined;
  const { value = null, n = null, detail = {} } = reading ?? {};
  if (fires && alertId === undefined) {
    const kind = signalFacts[signal].subject;
    const account = reading?.account_id ?? null;
    const id = newUuid();
    work.opened.push({
      ...subject,
      id,
      subject_kind: kind,
      account_id: account,
      value: value ?? 0,
      n,
      detail,
      unstable,
    });
  }
  if (alertId === undefined) return;
  if (!fires && !unstable) work.cleared.push(alertId);
  else if (reading && value !== null) work.updated.push({ id: alertId, value, n, detail, unstable });
}

function keepSeen(work: Work, rule: store.RoundRule, readings: readonly Reading[]): void {
  let worst: Reading | undefined;
  for (const reading of readings)
    if (reading.value !== null && (worst?.value ?? Number.NEGATIVE_INFINITY) < reading.value) worst = reading;
  const silent = signalFacts[rule.signal].silentIsFine ? 0 : null;
  const value = worst ? Math.round((worst.value ?? 0) * 100) / 100 : readings.length > 0 ? null : silent;
  const seen = { subject_id: worst?.subject_id ?? null, value, n: worst?.n ?? null };
  const { subject_id, value: last, n } = rule.seen;
  if (subject_id !== seen.subject_id || last !== seen.value || n !== seen.n) work.seen.push({ id: rule.id, ...seen });
}

/** Says with a share of failures which code is the most frequent. */
async function addCodes(tx: Queryable, work: Work, rules: readonly store.RoundRule[], now: Date): Promise<void> {
  const byId = new Map(rules.map(rule => [rule.id, rule]));
  for (const alert of work.opened) {
    const rule = byId.get(alert.rule_id);
    if (rule?.signal !== 'failed_share' || alert.account_id === null) continue;
    const since = new Date(now.getTime() - rule.window_s * 1_000);
    const most = await mostFrequentCode(tx, rule.workspace_id, alert.account_id, since);
    if (most) alert.detail = { ...alert.detail, code: most.code, of_code: most.n };
  }
}
