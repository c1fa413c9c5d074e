// A business account of the Sandbox has templates from the beginning.
import { channels } from '@recado/contract';
import type { HookHandlers } from '../hooks.ts';
import { seedTemplates } from './sandbox.ts';

export const templateHooks: HookHandlers = {
  async 'account.created'(tx, { workspaceId, channel, businessId }) {
    if (channels[channel].simulated && businessId !== null) await seedTemplates(tx, workspaceId, businessId);
  },
};
