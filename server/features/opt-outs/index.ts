// Opt-outs: who wants no messages, or no marketing messages.
export type { OptOutCategory } from '@recado/contract';
export { optOutErrors } from './errors.ts';
export {
  applyPreferences,
  applyRejectedMessage,
  applyRejectedReceipts,
  preferencesField,
  stoppedCode,
} from './from-channel.ts';
export { optOutHooks } from './hooks.ts';
export { optOutRoutes } from './routes.ts';
export { findOptOut, optOutsOf, recipientOf, recipientsOf } from './store.ts';
