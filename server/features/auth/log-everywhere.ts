// The log of what concerns a person wherever they are: every workspace that the person may enter is told.
import { type Actor, audit, type Deed } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { workspacesOf } from './store.ts';

/** Writes a deed into the log of each workspace of the person. Only the engine's connection can. */
export async function auditEverywhere(tx: Queryable, personId: string, actor: Actor, deed: Deed): Promise<void> {
  for (const { id } of await workspacesOf(tx, personId)) await audit(tx, { ...actor, workspaceId: id }, deed);
}
