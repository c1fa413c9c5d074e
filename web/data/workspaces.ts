// The workspaces of the person, and the name of this one.
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';
import { meQuery } from './me.ts';

export const workspaceKeys = { all: ['workspaces'] as const, itself: ['workspace'] as const };

export const workspacesQuery = listQuery(workspaceKeys.all, (query, options) =>
  recado.me.listWorkspaces(query, options),
);

/** The navigation names it too. */
export const renameWorkspace = change(
  (name: string) => recado.workspace.update({ name }),
  () => [workspaceKeys.all, workspaceKeys.itself, meQuery.queryKey],
);

export const createWorkspace = change(
  (name: string) => recado.workspaces.create({ name }),
  () => [workspaceKeys.all],
);

/** A session of another workspace: all that was read belongs to the one before. */
export const switchWorkspace = (id: string) => recado.me.switchWorkspace({ workspace_id: id, cookies: true });
