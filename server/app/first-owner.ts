// The first owner: created from the settings, or by the one-time setup link.
import { setUpUnattended } from '../features/auth/index.ts';
import type { Process } from './feature.ts';
import { seedWorkspaceOf } from './features/workspace-parts.ts';

export { hasOwner, offerSetup } from '../features/auth/index.ts';

/** Creates the owner of the settings, unless there is one. */
export async function setUpOwner(process: Process): Promise<void> {
  const { config, engineDb: db } = process.context;
  if (!config.owner) return;
  await setUpUnattended({ db, seedWorkspace: seedWorkspaceOf(process) }, { ...config.owner, name: 'Owner' });
}
