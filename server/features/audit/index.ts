// The audit log: its readers, and what it hears of refusals.
export { refusalLog } from './refusals.ts';
export { auditRoutes } from './routes.ts';
