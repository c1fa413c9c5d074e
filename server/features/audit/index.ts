// The audit log: reading it, and recording denied requests.
export { refusalLog } from './refusals.ts';
export { auditRoutes } from './routes.ts';
