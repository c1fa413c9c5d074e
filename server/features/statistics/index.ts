// Statistics: counts of messages, and the figures of queues.
export { queueFigureRoutes } from './queue-routes.ts';
export { type Gauges, gauges } from './queue-store.ts';
export { statisticsRoutes } from './routes.ts';
