// Accounts: the connected WhatsApp identities of a workspace.
export { type AccountNumber, presentNewChats, sandboxBusiness } from './account.ts';
export { askAboutAccount, type ConnectNeeds } from './connect-account.ts';
export { decryptSecret, openCallCredentials } from './credentials.ts';
export { changedCredentials, findAppByName, findCallCredentials, listConnected } from './credentials-store.ts';
export { endDemo, findDemo, markDemo } from './demo-store.ts';
export { accountErrors, problem as accountProblem } from './errors.ts';
export { type LinkRow, presentLink } from './link.ts';
export {
  beginWarmUp,
  followLink,
  keepNewChats,
  lockAccount,
  needAttention,
  pauseNewConversations,
  setLinksOff,
  setPhone,
  setRoute,
  takeNewChats,
} from './link-store.ts';
export { createAccount, rejectUnknownZone } from './manage-account.ts';
export { noteNumberNotices, numberReadings } from './number-state.ts';
export { accountRoutes } from './routes.ts';
export {
  type ConcernedAccount,
  channelOf,
  findByBusiness,
  findByNumbers,
  findByPhone,
  findNumber,
  keepBusiness,
  knownAccounts,
  type NumberOwner,
  numbersOf,
  setChannelPresence,
} from './store.ts';
