// Imports: contacts from CSV files, checked before they run, and undone within a week.
export { importErrors } from './errors.ts';
export { importHooks } from './hooks.ts';
export { deleteExpiredImports, importLane } from './lane.ts';
export { importRoutes } from './routes.ts';
export { keptInRows } from './row-store.ts';
