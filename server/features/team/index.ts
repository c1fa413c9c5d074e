// The work on conversations: their states and their episodes.
export { endSnoozes } from './snooze.ts';
export { stateRoutes } from './state-routes.ts';
export { workRoutes } from './work-routes.ts';
