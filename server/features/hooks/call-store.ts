// The table hook_call: what came, what is to be told, and what became of it.
import type { HookFormat, HookOutcome, HookState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import type { HookRow } from './hook-store.ts';
import type { ReadCall } from './read-call.ts';

export interface CallRow {
  id: string;
  /** In the order in which they came. */
  seq: number;
  hook_id: string;
  at: Date;
  format: HookFormat | null;
  state: HookState | null;
  title: string | null;
  source: string | null;
  link: string | null;
  /** What it says, until it is told. */
  body: string | null;
  outcome: HookOutcome;
  error: string | null;
  group_id: string | null;
  attempts: number;
  told: string[];
  messages: string[];
}

const columns = sql`c.id, c.seq, c.hook_id, c.at, c.format, c.state, c.title, c.source, c.link, c.body, c.outcome, c.error, c.group_id,
  c.attempts, c.told, c.messages`;

/** Keeps a call that was not understood. */
export async function insertRejected(db: Queryable, hook: HookRow, why: string, now: Date): Promise<void> {
  await db.query(sql`insert into hook_call (id, hook_id, workspace_id, account_id, at, outcome, error)
    values (${newUuid()}, ${hook.id}, ${hook.workspace_id}, ${hook.account_id}, ${now}, 'rejected', ${why})`);
}

/**
 * What becomes of a call: the same subject in the same state is told once in the time of the limit, unless it could not be
 * told.
 */
export async function outcomeOf(tx: Queryable, hook: HookRow, call: ReadCall, now: Date): Promise<HookOutcome> {
  if (call.state === 'resolved' && !hook.tells_resolved) return 'left_out';
  const [last] = await tx.query<{ same: boolean }>(sql`select fingerprint = ${call.fingerprint}
      and at > ${now}::timestamptz - make_interval(secs => ${hook.limit_s}) as same
    from hook_call where hook_id = ${hook.id} and subject = ${call.subject} and outcome in ('waiting', 'sent', 'left_out')
    order by seq desc limit 1`);
  return last?.same ? 'repeated' : 'waiting';
}

/** Keeps a call; one that waits is due at a time. */
export async function insertCall(
  tx: Queryable,
  hook: HookRow,
  call: ReadCall,
  { outcome, at, dueAt }: { outcome: HookOutcome; at: Date; dueAt: Date },
): Promise<string> {
  const id = newUuid(at.getTime());
  const waits = outcome === 'waiting';
  await tx.query(sql`insert into hook_call (id, hook_id, workspace_id, account_id, at, format, state, title, source, link, body,
      subject, fingerprint, outcome, due_at)
    values (${id}, ${hook.id}, ${hook.workspace_id}, ${hook.account_id}, ${at}, ${call.format}, ${call.state}, ${call.title},
      ${call.source}, ${call.link ?? null}, ${waits ? call.text : null}, ${call.subject}, ${call.fingerprint}, ${outcome},
      ${waits ? dueAt : null})`);
  return id;
}

/** Ends the calls that wait in a restored database, which does not know whether they were told since. */
export async function failRestoredCalls(tx: Queryable): Promise<void> {
  await tx.query(sql`update hook_call set outcome = 'failed', due_at = null, body = null,
    error = 'The database was restored, and this may have been sent since. Look at WhatsApp.' where outcome = 'waiting'`);
}

/** The most calls that one message tells. */
const mostTogether = 1_000;

/**
 * Takes what is due of a hook, which the caller has locked, until `until`: calls that were taken before and not told, else
 * all that wait, if the limit allows another message. The first one comes first.
 */
export async function takeDue(tx: Queryable, hook: HookRow, now: Date, until: Date): Promise<CallRow[]> {
  const [again] = await tx.query<{ group_id: string }>(sql`select group_id from hook_call where hook_id = ${hook.id}
    and outcome = 'waiting' and due_at <= ${now} and group_id is not null order by seq limit 1`);
  if (!again && !(await beginGroup(tx, hook, now))) return [];
  const which = again ? sql`w.group_id = ${again.group_id}` : sql`w.group_id is null`;
  const rows = await tx.query<CallRow>(sql`with due as (select w.id, w.seq from hook_call w where w.hook_id = ${hook.id}
      and w.outcome = 'waiting' and ${which} order by w.seq limit ${mostTogether}),
    head as (select id from due order by seq limit 1)
    update hook_call c set due_at = ${until}, attempts = c.attempts + 1, group_id = head.id,
      begun_at = case when c.id = head.id then coalesce(c.begun_at, ${now}) end
    from due, head where c.id = due.id returning ${columns}`);
  return rows.sort((one, other) => one.seq - other.seq);
}

/** Whether something is due and may be told. A call that may not be told waits for the limit. */
async function beginGroup(tx: Queryable, hook: HookRow, now: Date): Promise<boolean> {
  const [state] = await tx.query<{ due: boolean; free_at: Date | null }>(sql`select exists (select 1 from hook_call
      where hook_id = ${hook.id} and outcome = 'waiting' and group_id is null and due_at <= ${now}) as due,
    (select begun_at + make_interval(secs => ${hook.limit_s}) from hook_call where hook_id = ${hook.id}
      and begun_at > ${now}::timestamptz - make_interval(secs => ${hook.limit_s})
      order by begun_at desc offset ${hook.limit_n - 1} limit 1) as free_at`);
  if (!state?.due || state.free_at === null) return state?.due ?? false;
  await tx.query(sql`update hook_call set due_at = ${state.free_at} where hook_id = ${hook.id} and outcome = 'waiting'
    and group_id is null and due_at < ${state.free_at}`);
  return false;
}

/** After how many milliseconds something of a hook is due; undefined if nothing waits. */
export async function msToNext(db: Queryable, hookId: string, now: Date): Promise<number | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    sql`select min(due_at) as at from hook_call where hook_id = ${hookId} and outcome = 'waiting'`,
  );
  return row?.at ? Math.max(0, row.at.getTime() - now.getTime()) : undefined;
}

/** The hooks that have something due. */
export async function dueHooks(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ hook_id: string }>(
    sql`select distinct hook_id from hook_call where outcome = 'waiting' and due_at <= ${now}`,
  );
  return rows.map(({ hook_id }) => hook_id);
}

export interface Told {
  outcome: HookOutcome;
  error: string | null;
  told: string[];
  messages: string[];
  /** When it is to be tried again, while it waits. */
  dueAt: Date | null;
}

/** Records an attempt of the calls of a message, unless somebody else took them meanwhile. Past alerts tell nothing. */
export async function recordAttempt(tx: Queryable, group: readonly CallRow[], told: Told): Promise<void> {
  const [first] = group;
  if (!first) return;
  await tx.query(sql`update hook_call c set outcome = ${told.outcome}, error = ${told.error}, due_at = ${told.dueAt},
      body = case when ${told.outcome} = 'waiting' then c.body end,
      told = case when c.id = c.group_id then ${told.told}::uuid[] else c.told end,
      messages = case when c.id = c.group_id then ${told.messages}::uuid[] else c.messages end
    where c.id = any (${group.map(({ id }) => id)}::uuid[]) and c.outcome = 'waiting' and c.attempts = ${first.attempts}`);
}

/** Gives calls back as if nobody had taken them. */
export async function giveBack(tx: Queryable, group: readonly CallRow[], now: Date): Promise<void> {
  await tx.query(sql`update hook_call set due_at = ${now}, attempts = attempts - 1
    where id = any (${group.map(({ id }) => id)}::uuid[]) and outcome = 'waiting'`);
}

export interface ShownCall extends CallRow {
  by_status: Record<string, number>;
}

/** The messages are those of the call with which it was told. */
const shown = sql`select ${columns}, g.messages, coalesce((select jsonb_object_agg(s.status, s.n) from (
      select m.status, count(*)::int as n from message m where m.id = any (g.messages) group by 1) s), '{}') as by_status
  from hook_call c cross join lateral (select coalesce((select l.messages from hook_call l where l.id = c.group_id), '{}')
    as messages) g`;

/** A page of the calls of a hook, newest first. */
export async function listCalls(
  db: Queryable,
  hookId: string,
  page: PageRequest,
): Promise<{ rows: ShownCall[]; total: number }> {
  const rows = await db.query<ShownCall>(sql`${shown} where c.hook_id = ${hookId}
    ${page.after ? sql`and c.seq < ${page.after[0]}` : sql``} order by c.seq desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from hook_call where hook_id = ${hookId} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Deletes calls that are over, from before a time, and all but the newest `most` of each hook. */
export async function deleteOldCalls(db: Queryable, before: Date, most: number): Promise<void> {
  await db.query(sql`delete from hook_call where outcome <> 'waiting' and at < ${before}`);
  await db.query(sql`delete from hook_call c using hook h cross join lateral (select seq from hook_call
      where hook_id = h.id order by seq desc offset ${most} limit 1) o
    where c.hook_id = h.id and c.seq <= o.seq and c.outcome <> 'waiting'`);
}
