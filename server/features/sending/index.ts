// Sending: the lane that calls the channel, and what people do to messages that wait or have failed.
export { bulkRoutes } from './bulk-routes.ts';
export { outgoingFiles } from './outgoing-files.ts';
export { cancelledAtOnce, cancelWaiting } from './queue-store.ts';
export { queueRoutes } from './routes.ts';
export { type CallJournal, sendLane } from './send-lane.ts';
export {
  lockLanes,
  markRestored,
  prolongGracePeriods,
  reconcile,
  releaseDeferred,
  reportStuck,
} from './store.ts';
export { moveTemplateMessages } from './template-store.ts';
