// Inbound: what channels post to us, stored raw first, then applied.
export { deadLetterRoutes } from './dead-letter-routes.ts';
export { rememberRemoved } from './erased-store.ts';
export { inboundErrors } from './errors.ts';
export { type AccountReceipt, deleteExpiredInbound, insertPayloads, type NoticeHandler } from './inbound-store.ts';
export {
  deadLettersOf,
  deleteExpiredPayloads,
  deleteNotices,
  isNamedInOpen,
  moveToDeadLetters,
  newestDead,
  newestRaw,
  noticesOf,
  type RawIds,
  scrubRaw,
  unreadApps,
} from './raw-store.ts';
export { readTogether } from './read-keys-store.ts';
export { readLane } from './read-lane.ts';
export { removeReadMarks, removeReadMarksOf } from './read-mark-store.ts';
export { readRoutes } from './read-routes.ts';
export { type ReceiptHandler, receiveLane } from './receive-lane.ts';
export { typingRoutes } from './typing-routes.ts';
export { webhookRoutes } from './webhook-routes.ts';
