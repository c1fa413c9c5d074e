// Who works on which conversation: its state and its episodes.
export { endSnoozes } from './snooze.ts';
export { stateRoutes } from './state-routes.ts';
export { workRoutes } from './work-routes.ts';
