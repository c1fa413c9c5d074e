// A change of the state of a link: in its row, in the status of its account, and as an event.
import type { LinkCause, LinkState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { followLink, lockAccount } from '../accounts/index.ts';

export interface LinkChange {
  state: LinkState;
  reason: string | null;
  /** The disconnect code of WhatsApp. */
  code: number | null;
  cause?: LinkCause | undefined;
}

/**
 * Sets the state of a link, with the status of its account. Writes the event if something changed, or if a disconnect
 * code has to be told. Without a link it does nothing.
 */
export async function linkChanged(
  tx: Queryable,
  accountId: string,
  { state, reason, code, cause }: LinkChange,
): Promise<void> {
  // Before the session: an account that is deleted locks them in this order.
  await lockAccount(tx, accountId);
  const [before] = await tx.query<{ workspace: string; state: LinkState; reason: string | null; at: Date }>(sql`
    select workspace_id as workspace, state, reason, clock_timestamp() as at from web_session
    where account_id = ${accountId} for update`);
  if (!before) return;
  await tx.query(sql`update web_session set state = ${state}, reason = ${reason}, disconnect_code = ${code}, cause = ${cause ?? null},
    since = case when state = ${state} then since else ${before.at} end where account_id = ${accountId}`);
  await followLink(tx, accountId, state, reason);
  if (before.state === state && before.reason === reason && code === null) return;
  const data = JSON.stringify({ from: before.state, state, reason, code, cause: cause ?? null });
  await tx.query(
    sql`select append_event(${before.workspace}, 'account.link_changed', ${accountId}, ${data}::jsonb, ${before.at})`,
  );
}

/** A connected phone was silent for longer than usual. */
export async function appendSilence(
  db: Queryable,
  workspaceId: string,
  accountId: string,
  data: { silent_seconds: number; usual_seconds: number; action: 'probed' | 'reconnected' },
): Promise<void> {
  await db.query(sql`select append_event(${workspaceId}, 'account.silence_detected', ${accountId},
    ${JSON.stringify(data)}::jsonb, clock_timestamp())`);
}
