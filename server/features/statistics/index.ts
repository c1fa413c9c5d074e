// Statistics: counts of messages, and the metrics of queues.
export { forgetCounts } from './forget-store.ts';
export { queueFigureRoutes, queueReasonRoutes } from './queue-routes.ts';
export { type InstallationStats, installationStats } from './queue-store.ts';
export { oldestDue, waitingCounts } from './reasons-store.ts';
export { reportRoutes } from './report-routes.ts';
export { countMaintenance } from './roll-up-store.ts';
export { statisticsRoutes } from './routes.ts';
export { addUp } from './statistics.ts';
export { countMessages } from './statistics-store.ts';
export { readResponses } from './times.ts';
