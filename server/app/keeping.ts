// What keeps files: the stores, the spool and what looks at images.
import { join } from 'node:path';
import {
  forgetHolders,
  type KeepNeeds,
  type MediaUpkeep,
  mediaUpkeep,
  openPictures,
  openSpool,
} from '../features/media/index.ts';
import { needsMedia } from '../features/messages/index.ts';
import type { Ground } from './ground.ts';
import { openStores } from './storage-of.ts';

export interface Keeping {
  keeping: KeepNeeds;
  upkeep: MediaUpkeep;
}

/** Opens what keeps files; it is closed after everything that uses it. */
export async function openKeeping({ config, engineDb, foundation, clock, log, closers }: Ground): Promise<Keeping> {
  const stores = await openStores(config);
  closers.push(stores.close);
  const spool = await openSpool(join(config.dataDir, 'media-spool'), foundation.storage?.isFullNow);
  const pictures = openPictures();
  closers.push(async () => pictures.close());
  const { maxFileBytes, quotaBytes } = config.media;
  const keeping: KeepNeeds = { engineDb, clock, stores, spool, pictures, maxFileBytes, quotaBytes };
  if (foundation.alone) await forgetHolders(engineDb);
  const upkeep = mediaUpkeep({ ...keeping, isNeeded: needsMedia }, log);
  closers.push(upkeep.close);
  return { keeping, upkeep };
}
