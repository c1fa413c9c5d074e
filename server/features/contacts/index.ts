// Contacts, their channel addresses, and their conversations.
export { presentConversation } from './contact.ts';
export { conversationFilter } from './conversation-filter.ts';
export {
  type ConversationFilter,
  conversationExists,
  conversationWith,
  findConversation,
  findConversationIds,
  fitting,
  keptConversations,
} from './conversation-store.ts';
export {
  areMerging,
  blankContacts,
  dropConversations,
  exportContacts,
  findPerson,
  lockEmptied,
} from './erase-store.ts';
export { contactErrors, problem as contactProblem } from './errors.ts';
export { type FieldRule, whyNot } from './field.ts';
export { fieldRoutes } from './field-routes.ts';
export { listFields, oneAtATime } from './field-store.ts';
export { freeFields, freeLabelled } from './free-store.ts';
export { labelRoutes } from './label-routes.ts';
export { holdLabels, knownLabels, labelConversations, labelsNamed } from './label-store.ts';
export {
  callingCodeIn,
  countryNamed,
  isLandLine,
  lengthsIn,
  mainCountryOf,
  type NationalFault,
  nameOfCountry,
  nationalNumber,
  onlyCountryWith,
  validNumber,
} from './national.ts';
export { ownerRoutes } from './owner-routes.ts';
export { addUserIds, followPerson, joinPeople } from './people-store.ts';
export { contactByPhone, type NumberFault, numberOf, readPhone, toE164 } from './phone.ts';
export { findRecipient } from './recipient-store.ts';
export { contactRoutes } from './routes.ts';
export { showContact } from './show-contact.ts';
export {
  addNumberOfRecipient,
  addressOfContact,
  contactForNumber,
  ensurePerson,
  findContactId,
  hasAddress,
  phoneOfUser,
} from './store.ts';
export { markUnreachable } from './unreachable-store.ts';
export { unreadRoutes } from './unread-routes.ts';
