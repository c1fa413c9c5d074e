// Audits actions on a person in every workspace that the person may enter.
import { type Actor, type AuditedAction, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { workspacesOf } from './store.ts';

/** Writes an audit entry to each workspace of the person. Only the engine's connection may. */
export async function auditEverywhere(
  tx: Queryable,
  personId: string,
  actor: Actor,
  auditedAction: AuditedAction,
): Promise<void> {
  for (const { id } of await workspacesOf(tx, personId)) await audit(tx, { ...actor, workspaceId: id }, auditedAction);
}
