// The request log: what was asked of the API in the last week, written beside the requests in batches.
export { requestLog } from './log.ts';
export { requestRoutes } from './routes.ts';
export { deleteOldRequests } from './store.ts';
