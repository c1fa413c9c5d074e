// Events: the log of what happened in a workspace, for programs that read or hear it.
export { eventErrors } from './errors.ts';
export { type EventRow, eventUuid, isBeyond, numberIn, type Position } from './event.ts';
export { forgetEvents, forgetEventsOf, sweepEvents } from './forget-store.ts';
export { logSource } from './log-source.ts';
export {
  deleteExpiredEvents,
  eventsAbout,
  eventsById,
  eventsOf,
  hasMore,
  newestOf,
  newestReadable,
  positionBefore,
  positionOf,
  readLog,
  readTypes,
} from './log-store.ts';
export { findEvent, type PresentedEvent, presentEvents } from './present.ts';
export { eventRoutes } from './routes.ts';
export { isAbout, mayBeAbout, type Subject, subjectOf } from './subject.ts';
export { openTail, type Tail } from './tail.ts';
export { canSee, typesFor } from './visible.ts';
