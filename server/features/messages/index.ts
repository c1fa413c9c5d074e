// Messages: accepting, sending, tracking, receiving and reading them.
export { acceptMessages } from './accept-message.ts';
export { messageErrors } from './errors.ts';
export { forgetOld } from './inbound-store.ts';
export { readLane } from './read-lane.ts';
export { receiveLane } from './receive-lane.ts';
export { messageRoutes } from './routes.ts';
export { sendLane } from './send-lane.ts';
export { cancelQueued, endLeases } from './store.ts';
export { webhookRoutes } from './webhook-routes.ts';
