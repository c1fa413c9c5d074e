// Messages: accepting, sending, tracking, receiving and reading them.
export { acceptMessages } from './accept-message.ts';
export { messageErrors } from './errors.ts';
export { figuresRoutes } from './figures-routes.ts';
export { type Gauges, gauges } from './figures-store.ts';
export { forgetOld } from './inbound-store.ts';
export { needsMedia } from './media-use-store.ts';
export type { Creator } from './message.ts';
export { outgoingFiles } from './outgoing-files.ts';
export { queueRoutes } from './queue-routes.ts';
export { cancelWaiting, freePutOff } from './queue-store.ts';
export { readLane } from './read-lane.ts';
export { receiveLane } from './receive-lane.ts';
export { markRestored } from './restored-store.ts';
export { type MessageNeeds, messageRoutes } from './routes.ts';
export { type CallJournal, sendLane } from './send-lane.ts';
export { endLeases, handBackNeverBegun, reportStuck } from './store.ts';
export { webhookRoutes } from './webhook-routes.ts';
