// Inbound: what channels post to us, stored raw first, then applied.
export { inboundHash } from './erased-store.ts';
export { deleteExpiredInbound } from './inbound-store.ts';
export {
  deadLettersOf,
  deleteExpiredPayloads,
  isNamedInOpen,
  moveToDeadLetters,
  newestDead,
  newestRaw,
  type RawIds,
  scrubRaw,
  unreadApps,
} from './raw-store.ts';
export { readLane } from './read-lane.ts';
export { readRoutes } from './read-routes.ts';
export { receiveLane } from './receive-lane.ts';
export { type MetaApp, webhookRoutes } from './webhook-routes.ts';
