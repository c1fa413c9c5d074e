// The work on conversations: their states, their episodes, whose they are, and the teams that give them out.
export { assignRoute } from './assign.ts';
export { autoClose } from './auto-close.ts';
export { availabilityRoutes } from './availability-routes.ts';
export { teamErrors } from './errors.ts';
export { followRoutes } from './follow-routes.ts';
export { follow } from './follow-store.ts';
export { giveOut, sweepTeams } from './give-out.ts';
export { teamHandlers } from './handlers.ts';
export { demandScope, type SavedReader, savedReader } from './saved-scope.ts';
export { endSnoozes } from './snooze.ts';
export { stateRoutes } from './state-routes.ts';
export { teamRoutes } from './team-routes.ts';
export { hasTeam } from './team-store.ts';
export { workRoutes } from './work-routes.ts';
