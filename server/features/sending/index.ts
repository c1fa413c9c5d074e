// Sending: the lane that calls the channel and records the outcomes.
export { outgoingFiles } from './outgoing-files.ts';
export { type CallJournal, sendLane } from './send-lane.ts';
export { reconcile } from './store.ts';
