// Events: the log of what happened in a workspace, for programs that read or hear it.
export { eventErrors } from './errors.ts';
export { logSource } from './log-source.ts';
export { deleteExpiredEvents } from './log-store.ts';
export { eventRoutes } from './routes.ts';
export { openTail, type Tail } from './tail.ts';
