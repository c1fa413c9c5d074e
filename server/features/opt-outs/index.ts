// Opt-outs: who wants no messages, or no marketing messages.
export type { OptOutCategory } from '@recado/contract';
export { dueAnswers, forgetAnswersOf, removeSuggestions, suggestOptOuts } from './answer-store.ts';
export { optOutErrors } from './errors.ts';
export {
  applyPreferences,
  applyRejectedMessage,
  applyRejectedReceipts,
  preferencesField,
  stoppedCode,
} from './from-channel.ts';
export { optOutHooks } from './hooks.ts';
export { ledgerOf } from './ledger-store.ts';
export { optOutLinks } from './links.ts';
export { type Meaning, meaningOf } from './meaning.ts';
export { optOutFeatureRoutes } from './routes.ts';
export { findOptOut, optOutsOf, recipientOf, recipientsOf } from './store.ts';
