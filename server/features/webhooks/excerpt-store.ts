// The answers of endpoints to events of somebody who is erased: an error handler may repeat the event.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

const forget = (tx: Queryable, deliveries: Fragment) =>
  tx.query(
    sql`update delivery_attempt set excerpt = null where excerpt is not null and delivery_seq in (${deliveries})`,
  );

/**
 * Deletes what endpoints answered to events that this transaction has deleted. It holds the lanes of the workspace, so
 * that an answer recorded later finds its event gone (see record_deliveries), and a later claim makes its bodies anew.
 */
export async function forgetAnswers(tx: Queryable, workspaceId: string, events: number[]): Promise<void> {
  await tx.query(sql`select 1 from delivery_lane where workspace_id = ${workspaceId} order by endpoint_id for update`);
  await tx.query(sql`update delivery_lane set erasures = erasures + 1 where workspace_id = ${workspaceId}`);
  await forget(
    tx,
    sql`select seq from delivery where workspace_id = ${workspaceId} and event_id = any (${events}::bigint[])`,
  );
}

/** Deletes what endpoints answered to events that are about these contacts and no message. */
export async function forgetAnswersAbout(tx: Queryable, workspaceId: string, contacts: string[]): Promise<void> {
  await forget(
    tx,
    sql`select d.seq from logged_event e join delivery d on d.event_id = e.id where e.workspace_id = ${workspaceId}
      and not e.about_message and e.data ->> 'contact_id' = any (${contacts}::text[])`,
  );
}

/** Deletes what deleted endpoints of a workspace answered: request handlers do not see it. */
export async function forgetAnswersOfDeleted(engine: Queryable, workspaceId: string): Promise<void> {
  await forget(
    engine,
    sql`select d.seq from delivery_lane l join delivery d on d.endpoint_id = l.endpoint_id where l.workspace_id = ${workspaceId}
      and not exists (select 1 from endpoint e where e.id = l.endpoint_id)`,
  );
}
