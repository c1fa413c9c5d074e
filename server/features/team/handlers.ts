// What teams add to the transactions of the features below them.
import type { HookHandlers } from '../hooks.ts';
import { forgetAccount } from './team-store.ts';

export const teamHandlers: HookHandlers = {
  'account.deleted': (tx, { accountId }) => forgetAccount(tx, accountId),
};
