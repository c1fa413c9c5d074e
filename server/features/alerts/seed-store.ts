// The table alert_seed: the signals whose rule a workspace was given, at its start or when a release brought them.
import { type AlertSignal, alertSignals } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { usualRule } from './alert.ts';
import { insertRule } from './store.ts';

/** The signals of the releases that kept no record: each workspace of theirs was given these. Never add one. */
const unrecorded: ReadonlySet<string> = new Set([
  'account_attention',
  'token_expiry',
  'webhook_routing',
  'limit_lowered',
  'silence_in',
  'stall_out',
  'no_receipts',
  'failed_share',
  'quality',
  'template_trouble',
  'unknown_age',
  'oldest_high',
  'oldest_normal',
  'daily_limit',
  'spend_cap',
  'free_messages',
  'unanswered',
  'nobody_online',
  'no_gateway',
  'endpoint_failing',
  'dead_letters',
  'disk',
  'clock',
  'web_version',
  'backup_age',
] satisfies AlertSignal[]);

/** The signals that a workspace was never given a rule for. `recorded`: what its record says; empty for none. */
export const neverGiven = <Signal extends string>(recorded: readonly string[], all: readonly Signal[]): Signal[] => {
  const given = recorded.length === 0 ? unrecorded : new Set(recorded);
  return all.filter(signal => !given.has(signal));
};

/** Records all signals of a workspace. Returns those that nobody has recorded meanwhile. */
async function record(tx: Queryable, workspaceId: string): Promise<Set<string>> {
  const rows = await tx.query<{ signal: string }>(sql`insert into alert_seed (workspace_id, signal)
    select ${workspaceId}, s from unnest(${[...alertSignals]}::text[]) s order by s on conflict do nothing returning signal`);
  return new Set(rows.map(({ signal }) => signal));
}

async function give(tx: Queryable, workspaceId: string, signals: readonly AlertSignal[]): Promise<void> {
  for (const signal of signals) {
    const { window_seconds, for_seconds, keep_seconds, ...usual } = usualRule(signal);
    await insertRule(tx, workspaceId, signal, {
      ...usual,
      ...{ window_s: window_seconds, for_s: for_seconds, keep_s: keep_seconds },
      ...{ enabled: true, accounts: null, note: null, people: null, muted_until: null },
    });
  }
}

/** Gives a new workspace a rule for each signal. */
export async function seedRules(tx: Queryable, workspaceId: string): Promise<void> {
  await record(tx, workspaceId);
  await give(tx, workspaceId, alertSignals);
}

/** Gives workspaces the rules of signals that they were never given. A rule that people deleted stays deleted. */
export async function seedNewSignals(db: Database): Promise<void> {
  const signals = [...alertSignals];
  const workspaces = await db.query<{ id: string }>(sql`select w.id from workspace w
    where (select count(*) from alert_seed s where s.workspace_id = w.id and s.signal = any (${signals}::text[]))
      < ${signals.length} order by w.id`);
  for (const { id } of workspaces)
    await db.transaction(async tx => {
      const recorded = await tx.query<{ signal: string }>(
        sql`select signal from alert_seed where workspace_id = ${id}`,
      );
      // Another process that does the same at this moment records them first, or waits for this one.
      const mine = await record(tx, id);
      const missing = neverGiven(
        recorded.map(({ signal }) => signal),
        alertSignals,
      );
      await give(
        tx,
        id,
        missing.filter(signal => mine.has(signal)),
      );
    });
}
