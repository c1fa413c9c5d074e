// The link of an account lives and ends with it.
import { channels } from '@recado/contract';
import type { HookHandlers } from '../hooks.ts';
import { endLink, prepareLink, retryLink } from './link-store.ts';

export const linkHooks: HookHandlers = {
  async 'account.created'(tx, { workspaceId, accountId, channel }) {
    if (channels[channel].needs_session) await prepareLink(tx, workspaceId, accountId);
  },
  async 'account.resumed'(tx, { accountId, channel }) {
    if (channels[channel].needs_session) await retryLink(tx, accountId);
  },
  'account.deleted': (tx, { accountId }) => endLink(tx, accountId),
};
