// What other features do to notes.
import type { HookHandlers } from '../hooks.ts';
import { removeNotesAbout } from './store.ts';

export const noteHooks: HookHandlers = {
  'contact.erased': (tx, { contactIds }) => removeNotesAbout(tx, contactIds),
};
