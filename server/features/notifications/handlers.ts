// What hooks do in the transactions of contacts.
import type { HookHandlers } from '../hooks.ts';
import { forgetAbout } from './store.ts';

export const notificationHandlers: HookHandlers = {
  'contact.deleted': (tx, { workspaceId, contactIds }) => forgetAbout(tx, workspaceId, contactIds),
  'contact.erased': (tx, { workspaceId, contactIds }) => forgetAbout(tx, workspaceId, contactIds),
};
