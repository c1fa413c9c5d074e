// Segments of contacts: named filters and static lists, and the plans that find contacts by their facts.
export { compileSegment, contactsOfSegment } from './compile-store.ts';
export { problem as segmentProblem, segmentErrors } from './errors.ts';
export {
  createdIn,
  fieldsAre,
  hasCallingCode,
  hasLabel,
  inverse,
  isOptedOut,
  isUnread,
  languageIs,
  likePattern,
  type Plan,
  type Realm,
  referenceIs,
  type Source,
  unlessNumber,
} from './facts-store.ts';
export { addMembers, leaveLists, listsOfContact, removeMembers } from './member-store.ts';
export { bestWay, eachOf, foundByWay, idsOfWay, keptTotal, living } from './plan-store.ts';
export { realmOf, segmentRoutes } from './routes.ts';
export { findSegment } from './store.ts';
export { allOf } from './tree-store.ts';
