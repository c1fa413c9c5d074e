// Sending: the lane that calls the channel, and what people do to messages that wait or have failed.
export { lockDaysOfContact } from './days-store.ts';
export { historyLane } from './history-lane.ts';
export { outgoingFiles } from './outgoing-files.ts';
export { freePutOff } from './put-off-store.ts';
export { cancelledAtOnce, cancelWaiting } from './queue-store.ts';
export { markRestored } from './restored-store.ts';
export { queueRoutes } from './routes.ts';
export { type CallJournal, sendLane } from './send-lane.ts';
export { endLeases, handBackNeverBegun, prolongWindows, reportStuck } from './store.ts';
