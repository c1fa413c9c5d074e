// Many conversations changed at once, in pieces, and undone.
export { jobErrors } from './errors.ts';
export { runJobs } from './jobs.ts';
export { jobRoutes } from './routes.ts';
export { deleteOldJobs } from './store.ts';
