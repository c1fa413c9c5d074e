// The answers of endpoints to events of somebody who is erased: an error handler may repeat the event.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** Attempts that failed have rows of their own; the one that succeeded is in the row of its delivery. */
async function forget(tx: Queryable, where: Fragment): Promise<void> {
  await tx.query(sql`update delivery_attempt d set excerpt = null where d.excerpt is not null and ${where}`);
  await tx.query(sql`update ended_delivery d set excerpt = null where d.excerpt is not null and ${where}`);
}

/**
 * Deletes what endpoints answered to events that this transaction has deleted. It holds the lanes of the workspace, so
 * that an answer recorded later finds its event gone (see record_deliveries), and a later claim makes its bodies anew.
 */
export async function forgetAnswers(tx: Queryable, workspaceId: string, events: number[]): Promise<void> {
  await tx.query(sql`select 1 from delivery_lane where workspace_id = ${workspaceId} order by endpoint_id for update`);
  await tx.query(sql`update delivery_lane set erasures = erasures + 1 where workspace_id = ${workspaceId}`);
  await forget(tx, sql`d.workspace_id = ${workspaceId} and d.event_id = any (${events}::bigint[])`);
}

/** Deletes what endpoints answered to events that are about these contacts and no message. */
export async function forgetAnswersAbout(tx: Queryable, workspaceId: string, contacts: string[]): Promise<void> {
  await forget(
    tx,
    sql`d.event_id in (select e.id from logged_event e where e.workspace_id = ${workspaceId}
      and not e.about_message and e.data ->> 'contact_id' = any (${contacts}::text[]))`,
  );
}

/** Deletes what deleted endpoints of a workspace answered: request handlers do not see it. */
export async function forgetAnswersOfDeleted(engine: Queryable, workspaceId: string): Promise<void> {
  await forget(
    engine,
    sql`d.endpoint_id in (select l.endpoint_id from delivery_lane l where l.workspace_id = ${workspaceId}
      and not exists (select 1 from endpoint e where e.id = l.endpoint_id))`,
  );
}
