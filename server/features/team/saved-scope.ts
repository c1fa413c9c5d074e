// Who may read and change something that is saved for one caller, for a team or for the workspace.
import type { Permission } from '@recado/contract';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, demandEveryAccount } from '../../kit/http/routes.ts';

/** A caller who reads their own saved things, the ones of their teams, and the ones of the workspace. */
export interface SavedReader {
  workspaceId: string;
  /** The UUID of a person or an API key. */
  id: string;
  /** Whether they read the ones of all teams: they may change them. */
  seesTeams: boolean;
}

/** `manages`: the permission to change what others have too. */
export const savedReader = ({ workspaceId, id, permissions }: Caller, manages: Permission): SavedReader => ({
  workspaceId,
  id,
  seesTeams: permissions.has(manages),
});

/** @throws AppError where the caller may not change what others have too */
export function demandScope(caller: Caller, isPersonal: boolean, manages: Permission): void {
  if (isPersonal) return;
  if (!caller.permissions.has(manages)) throw commonProblem('forbidden', `This needs the permission ${manages}.`);
  demandEveryAccount(caller);
}
