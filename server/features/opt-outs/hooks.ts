// Opt-outs outlive the contacts of the people who made them.
import type { HookHandlers } from '../hooks.ts';
import { keepOptOutsOf } from './store.ts';

export const optOutHooks: HookHandlers = {
  'contact.deleted': (tx, { contactIds }) => keepOptOutsOf(tx, contactIds, false),
  'contact.erased': (tx, { contactIds }) => keepOptOutsOf(tx, contactIds, true),
};
