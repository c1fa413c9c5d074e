// Alerts: rules, the rounds that watch them, the alerts that they give, and the channels that tell them.
export { seedChannels } from './channel-store.ts';
export { deleteOldDeliveries } from './delivery-store.ts';
export { alertErrors } from './errors.ts';
export { alertLane } from './lane.ts';
export { pingAll } from './ping.ts';
export { quietUntil } from './quiet-hours.ts';
export { alertRound, roundMs } from './round.ts';
export { clockOffset, deleteOldAlerts } from './round-store.ts';
export { alertRoutes } from './routes.ts';
export { seedNewSignals, seedRules } from './seed-store.ts';
export { tellChanges } from './tell.ts';
export { type Told, titleOf } from './texts.ts';
