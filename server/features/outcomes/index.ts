// Outcomes: unknown, failed and missing ones, and what people decide about them.
export { bulkRoutes } from './bulk-routes.ts';
export { failedAccounts, requeueAll } from './retry-store.ts';
export { queueRoutes } from './routes.ts';
export { lastRecovery, markRestored, outcomeMaintenance, prolongGracePeriods, reportStuck } from './store.ts';
