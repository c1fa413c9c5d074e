// What hooks do in the transactions of contacts.
import type { HookHandlers } from '../hooks.ts';
import { leaveHooks } from './hook-store.ts';

export const hookHandlers: HookHandlers = {
  'contact.deleted': (tx, { workspaceId, contactIds }) => leaveHooks(tx, workspaceId, contactIds),
  'contact.erased': (tx, { workspaceId, contactIds }) => leaveHooks(tx, workspaceId, contactIds),
};
