// The audit log: reading it, and recording denied requests.
export { denialLog } from './denials.ts';
export { auditRoutes } from './routes.ts';
