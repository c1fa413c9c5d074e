// Sending: the lane that calls the channel, and what people do to messages that wait or have failed.
export { outgoingFiles } from './outgoing-files.ts';
export { cancelledAtOnce, cancelWaiting } from './queue-store.ts';
export { queueRoutes } from './routes.ts';
export { type CallJournal, type SendLane, sendLane } from './send-lane.ts';
export {
  lockLanesOfContact,
  markRestored,
  prolongGracePeriods,
  reconcile,
  releaseDeferred,
  reportStuck,
} from './store.ts';
