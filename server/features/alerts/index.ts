// Alerts: rules, the rounds that watch them, and the alerts that they give.
export { alertErrors } from './errors.ts';
export { alertRound, roundMs } from './round.ts';
export { clockOffset, deleteOldAlerts } from './round-store.ts';
export { alertRoutes } from './routes.ts';
export { seedRules } from './store.ts';
