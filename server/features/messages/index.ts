// Messages: what a message is, accepting it, listing and showing it.
export { acceptMessages } from './accept-message.ts';
export { batchRoutes } from './batch-routes.ts';
export { type Beginner, type ClaimedMessage, noBeginner } from './beginner.ts';
export { carriedMedia, fitOf, forChannel } from './carried-file.ts';
export { messageErrors, refuse as refuseMessage, refuseStatus } from './errors.ts';
export { attemptsOf, columns as messageColumns, withFiles } from './list-store.ts';
export { neededOf, needsMedia } from './media-use-store.ts';
export {
  type AttemptRow,
  type Creator,
  type EventRow,
  type MessageRow,
  present as presentMessage,
  priorityNumbers,
} from './message.ts';
export { firstQueued, presentCounts } from './present-store.ts';
export { messageRoutes } from './routes.ts';
export { type MessageNeeds, showMessage } from './show-message.ts';
