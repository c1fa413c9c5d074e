// Notes that people of ours write about a conversation for each other.
export { noteErrors } from './errors.ts';
export { noteHooks } from './hooks.ts';
export { noteRoutes } from './routes.ts';
export { exportNotes, removeOldNotes } from './store.ts';
