// `npx recado workspaces list` and `npx recado workspaces remove`: for the operator, who belongs to no workspace.
import { idSchema } from '@recado/contract';
import type pg from 'pg';
import { audit } from '../kit/audit.ts';
import { queryable } from '../kit/db/database.ts';
import { toId } from '../kit/ids.ts';
import { CommandError } from './command-error.ts';
import { sizeOf } from './progress.ts';
import { countPrograms, withRecado } from './schema-store.ts';
import { countUnprocessed, deleteWorkspace, listWorkspaces, type WorkspaceSummary } from './workspace-store.ts';

export interface WorkspacesOptions {
  connection: pg.ClientConfig;
  signal: AbortSignal;
}

/** A line for each workspace, oldest first. */
export async function workspaceLines(options: WorkspacesOptions): Promise<string[]> {
  return withRecado(options.connection, 'recado workspaces', async client =>
    (await listWorkspaces(client)).map(lineOf),
  );
}

/**
 * Removes a workspace with all its rows, in one transaction. The audit log stays, with an entry about the removal.
 * @throws CommandError if it does not exist, a program runs, or `confirmed` is false
 */
export async function removeWorkspace(options: WorkspacesOptions, id: string, confirmed: boolean): Promise<string> {
  return withRecado(options.connection, 'recado workspaces', async client => {
    const found = (await listWorkspaces(client)).find(each => toId('workspace', each.id) === id);
    if (!found) throw new CommandError(`There is no workspace ${id}: list them with npx recado workspaces list.`);
    if (!confirmed)
      throw new CommandError(
        `Nothing was removed. This would delete for good: ${lineOf(found)}. To confirm, run it again with --yes.`,
      );
    await client.query('begin');
    try {
      // Taken first, so that a program that starts meanwhile waits for the tables.
      await client.query('lock table workspace, account, lane in share row exclusive mode');
      const programs = await countPrograms(client, 'recado workspaces');
      if (programs > 0)
        throw new CommandError(
          `A Recado is running on this database (${programs} connections): stop it before you remove a workspace. To lock people out at once, use npx recado people disable.`,
        );
      const waiting = await countUnprocessed(client, found.id);
      if (waiting > 0)
        throw new CommandError(
          `${waiting} webhooks of its numbers are not processed yet, and may be about other workspaces too: start Recado until they are, stop it, and run this again.`,
        );
      const gone = await deleteWorkspace(client, found.id, options.signal);
      const actor = {
        workspaceId: found.id,
        kind: 'system',
        id: undefined,
        address: undefined,
        requestId: undefined,
      } as const;
      const target = { kind: 'workspace', id: found.id };
      await audit(queryable(client), actor, { action: 'workspace.removed', target, detail: { name: found.name } });
      await client.query('commit');
      const rows = gone.reduce((sum, { rows }) => sum + rows, 0);
      return `${id} (${found.name}) is removed: ${rows} rows in ${gone.length} tables. Its files are still in the store: npx recado media check --repair --foreign deletes them.`;
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
}

/** The id in the arguments, checked. @throws CommandError */
export function readWorkspaceId(text: string): string {
  if (idSchema('workspace').safeParse(text).success) return text;
  throw new CommandError(`${text} is not the id of a workspace: list them with npx recado workspaces list.`);
}

function lineOf({ id, name, created, owners, people, accounts, bytes }: WorkspaceSummary): string {
  const owned = owners.length > 0 ? `owned by ${owners.join(', ')}` : 'without an enabled owner';
  return `${toId('workspace', id)} "${name}", created ${created.toISOString().slice(0, 10)}, ${owned}, ${people} people, ${accounts} accounts, ${sizeOf(bytes)} of files`;
}
