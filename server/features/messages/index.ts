// Messages: what a message is, accepting it, listing and showing it.
export { type Accepting, acceptMessages } from './accept-message.ts';
export { type AcceptRequest, acceptBatch } from './accept-store.ts';
export { attachedFiles, forChannel, formatOf } from './attached-file.ts';
export { batchRoutes } from './batch-routes.ts';
export { findByChannelId } from './channel-message-store.ts';
export { codeRoutes } from './code-routes.ts';
export { currentCounts, firstQueued } from './current-counts-store.ts';
export { type ClaimedMessage, type DirectSend, noDirectSend } from './direct-send.ts';
export { messageErrors, problem as messageProblem, statusProblem } from './errors.ts';
export { attemptsOf, columns as messageColumns, withFiles } from './list-store.ts';
export { neededOf, needsMedia } from './media-use-store.ts';
export {
  type AttemptRow,
  type EventRow,
  type MessageRow,
  present as presentMessage,
  presentWaiting,
  priorityNumbers,
} from './message.ts';
export { removeReactions, removeRows as removeMessageRows, takeFromUnread } from './remove-store.ts';
export { releaseReserved } from './reserved-store.ts';
export { messageRoutes } from './routes.ts';
export { type MessageNeeds, showMessage } from './show-message.ts';
export { afterLane, firstReason, laneWaits, ofLane } from './waiting-reasons-store.ts';
export { waitingOfSome } from './waiting-store.ts';
