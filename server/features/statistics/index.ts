// Statistics: counts of messages, and the figures of queues.
<<<<<<< HEAD

export { forgetCounts } from './forget-store.ts';
export { queueFigureRoutes } from './queue-routes.ts';
=======
export { queueFigureRoutes, queueReasonRoutes } from './queue-routes.ts';
>>>>>>> base23
export { type InstallationStats, installationStats } from './queue-store.ts';
export { statisticsRoutes } from './routes.ts';
