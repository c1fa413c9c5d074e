// What the routes of teams and of the work on conversations ask for.

/** Gives out what waits for the teams of a workspace, after the response. A sweep does it too, a second later. */
export type GiveOut = (workspaceId: string) => void;
