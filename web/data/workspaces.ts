// The workspaces of the person.
import { recado } from '../kit/client.ts';
import { listQuery } from './list.ts';

export const workspacesQuery = listQuery(['workspaces'], (query, options) => recado.me.listWorkspaces(query, options));

/** A session of another workspace: all that was read belongs to the one before. */
export const switchWorkspace = (id: string) => recado.me.switchWorkspace({ workspace_id: id, cookies: true });
