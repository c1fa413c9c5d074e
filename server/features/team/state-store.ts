// The state of a conversation. A trigger follows it: it writes the episodes, the lines of the thread and the events.
import type { ConversationState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

interface NewState {
  state: ConversationState;
  /** Of a snooze; null until the person writes. */
  until: Date | null;
  reason: string | null;
  /** The UUID of the person or of the API key. */
  by: string;
}

/** Changes the state. In the state that it has already, a conversation stays as it is. */
export async function changeState(
  tx: Queryable,
  workspaceId: string,
  id: string,
  { state, until, reason, by }: NewState,
  now: Date | null,
): Promise<void> {
  const end = state === 'snoozed' ? sql`coalesce(${until}::timestamptz, 'infinity')` : sql`null::timestamptz`;
  await tx.query(sql`
    update conversation set state = ${state}, state_since = clock(${now}), state_by = ${by}, state_reason = ${reason},
      snoozed_until = ${end},
      episode_id = case when ${state} = 'closed' then episode_id else coalesce(episode_id, gen_random_uuid()) end
    where workspace_id = ${workspaceId} and id = ${id}
      and (state, snoozed_until) is distinct from (${state}, ${end})`);
}

const atOnce = 500;

/**
 * Closes some conversations of workspaces that say after how many days without a message, and returns how many. Where
 * somebody waits, it stays open.
 */
export async function closeQuiet(db: Queryable, now: Date | null): Promise<number> {
  const rows = await db.query(sql`
    update conversation v set state = 'closed', state_since = clock(${now}), state_by = null, state_reason = 'quiet'
    where v.id = any (array(select c.id from workspace w join conversation c on c.workspace_id = w.id
      where w.auto_close_days is not null and c.state = 'open' and c.waiting_since is null
        and c.last_message_at < clock(${now}) - make_interval(days => w.auto_close_days)
        and c.state_since < clock(${now}) - make_interval(days => w.auto_close_days)
      order by c.id limit ${atOnce} for update of c skip locked))
    returning v.id`);
  return rows.length;
}

/** Opens some conversations whose snooze is over, and returns how many. */
export async function openSnoozed(db: Queryable, now: Date | null): Promise<number> {
  const rows = await db.query(sql`
    update conversation v set state = 'open', state_since = t.t, state_by = null, state_reason = 'snooze_over',
      snoozed_until = null
    from clock(${now}) t(t)
    where v.id = any (array(select id from conversation where state = 'snoozed' and snoozed_until <= clock(${now})
      order by snoozed_until limit ${atOnce} for update skip locked))
    returning v.id`);
  return rows.length;
}
