// A business account of the Sandbox has templates from the beginning.
import type { HookHandlers } from '../hooks.ts';
import { seedTemplates } from './sandbox.ts';

export const templateHooks: HookHandlers = {
  async 'account.created'(tx, { workspaceId, channel, businessId }) {
    if (channel === 'sandbox' && businessId !== null) await seedTemplates(tx, workspaceId, businessId);
  },
};
