// Whether somebody is led through the first run.

import type { Me } from '@recado/client';
import { hasMessages } from '../../data/messages.ts';
import { isWelcomeOver } from '../../data/welcome.ts';

/** An owner whose workspace has no message yet, and who has not skipped it here. */
export async function isFirstRun({ role, workspace }: Pick<Me, 'role' | 'workspace'>): Promise<boolean> {
  if (role !== 'owner' || isWelcomeOver(workspace.id)) return false;
  return !(await hasMessages());
}
