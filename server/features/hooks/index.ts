// Hooks: addresses that other programs call, and the messages that tell what they said.
export { deleteOldCalls, failRestoredCalls } from './call-store.ts';
export { hookErrors } from './errors.ts';
export { hookHandlers } from './handlers.ts';
export { hookLane } from './lane.ts';
export { hookRoutes } from './routes.ts';
