// The work on conversations: their states, their episodes, and whose they are.
export { assignRoute } from './assign.ts';
export { endSnoozes } from './snooze.ts';
export { stateRoutes } from './state-routes.ts';
export { workRoutes } from './work-routes.ts';
