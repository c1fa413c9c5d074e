// Reads a content from its store, even while it is moved to another one.
import { type ReadOptions, type Storage, StorageError, storageKey } from '../../../ports/storage.ts';
import { type ContentKey, findContent } from './content-store.ts';
import type { MediaService } from './store-file.ts';

type StoreNeeds = Pick<MediaService, 'engineDb' | 'stores'>;

/**
 * Runs `work` with the store of a content; once more if the content was moved meanwhile.
 * @throws StorageError
 */
export async function fromItsStore<Result>(
  { engineDb, stores }: StoreNeeds,
  key: ContentKey,
  work: (storage: Storage, size: number) => Promise<Result>,
): Promise<Result> {
  const first = await findContent(engineDb, key);
  if (!first) throw new StorageError('not_found', 'The content does not exist.');
  try {
    return await work(await stores.open(first.store), first.size);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'not_found') throw error;
    const again = await findContent(engineDb, key);
    if (!again || again.store === first.store) throw error;
    return work(await stores.open(again.store), again.size);
  }
}

/** The bytes of a content. A file of another size is an error. @throws StorageError */
export const readContent = (needs: StoreNeeds, { workspaceId, sha256 }: ContentKey, options: ReadOptions = {}) =>
  fromItsStore(needs, { workspaceId, sha256 }, async (storage, size) => {
    const found = await storage.read(storageKey(workspaceId, sha256), options);
    if (found.size === size) return found;
    found.content.on('error', () => {}).destroy();
    throw new StorageError('not_found', 'The file in the store has the wrong size.');
  });
