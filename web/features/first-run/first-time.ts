// Whether somebody is led through the first run.
import type { Me } from '@recado/client';
import { recado } from '../../kit/client.ts';
import { isWelcomeOver } from './skipped.ts';

/** An owner whose workspace has no message yet, and who has not skipped it here. */
export async function isFirstRun({ role, workspace }: Pick<Me, 'role' | 'workspace'>): Promise<boolean> {
  if (role !== 'owner' || isWelcomeOver(workspace.id)) return false;
  const { data } = await recado.messages.list({ limit: 1 }).page();
  return data.length === 0;
}
