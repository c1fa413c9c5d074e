// Opt-outs: who wants no messages, or no marketing messages.
export type { OptOutCategory } from '@recado/contract';
export { optOutErrors } from './errors.ts';
export {
  applyPreferences,
  applyRejectedMessage,
  applyRejectedReceipts,
  type CancelBarred,
  preferencesField,
  stoppedCode,
} from './from-channel.ts';
export { optOutRoutes } from './routes.ts';
export { findOptOut, optOutsOf, recipientOf, recipientsOf } from './store.ts';
