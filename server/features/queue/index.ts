// The queue: messages that wait, the lanes of accounts, and their limits.
export {
  type CancelReason,
  cancelledAtOnce,
  cancelWaiting,
  type Moved,
  matching,
  type Skipped,
  type WaitingFilter,
  waitingAccounts,
} from './cancel-store.ts';
export {
  accountOfMessage,
  createLane,
  holdLane,
  type LockedLane,
  liftRestrictions,
  lockLane,
  lockLaneOf,
  lockLanes,
  lockLanesOf,
  lockLaneWithLimits,
  releaseLane,
} from './lane-store.ts';
export {
  checkQueue,
  type Deferral,
  type OnQueued,
  queueMaintenance,
  readyLanes,
  releaseDeferred,
  releaseFile,
} from './store.ts';
export { freeEstimates, holdCampaignMessages, moveTemplateMessages } from './template-store.ts';
