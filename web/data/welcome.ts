// Whether somebody left the first run, remembered in this browser for each workspace.
const keyOf = (workspaceId: string) => `recado.welcome.${workspaceId}`;

export const isWelcomeOver = (workspaceId: string): boolean => localStorage.getItem(keyOf(workspaceId)) !== null;
export const endWelcome = (workspaceId: string): void => localStorage.setItem(keyOf(workspaceId), 'over');
