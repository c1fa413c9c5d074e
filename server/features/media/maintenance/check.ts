// Compares rows and stores both ways: files without a row, rows without a file.
import { StorageError, storageKey } from '../../../ports/storage.ts';
import { type ContentKey, endDrop, unusedContents } from '../files/content-store.ts';
import { dropContent } from '../files/store-file.ts';
import { type CheckNeeds, type CheckOptions, type CheckResult, checkRows } from './check-rows.ts';
import * as maintenance from './maintenance-store.ts';

const pageSize = 200;

export async function checkMedia(needs: CheckNeeds, options: CheckOptions): Promise<CheckResult> {
  const rows = await checkRows(needs, options);
  // If the store is suspect, its files prove nothing either.
  const asked = rows.refused === undefined ? options : { ...options, repair: false };
  const counts = { strays: 0, foreign: 0, failed: 0 };
  for (const store of options.stores) await checkStore(needs, store, asked, counts);
  const unused = await checkUnused(needs, asked, counts);
  const leftovers = asked.repair ? await removeLeftovers(needs, options) : 0;
  return { ...rows, ...counts, unused, leftovers };
}

type Counts = Pick<CheckResult, 'strays' | 'foreign' | 'failed'>;

async function checkStore(needs: CheckNeeds, store: string, options: CheckOptions, counts: Counts): Promise<void> {
  const storage = await needs.stores.open(store);
  let listed = 0;
  let page: (ContentKey & { size: number })[] = [];
  const look = async () => {
    const found = await maintenance.withoutRow(needs.engineDb, store, page, needs.clock.sqlNow());
    for (const { isForeign, ...key } of found) {
      counts[isForeign ? 'foreign' : 'strays'] += 1;
      const name = `${store} ${storageKey(key.workspaceId, key.sha256)}`;
      options.tell(isForeign ? `foreign: ${name} (this database does not know the workspace)` : `stray: ${name}`);
      const size = page.find(file => file.sha256 === key.sha256 && file.workspaceId === key.workspaceId)?.size ?? 0;
      if (!options.repair || (isForeign && !options.foreign)) continue;
      await orTold(options, counts, name, () =>
        isForeign ? removeForeign(needs, store, key) : removeStray(needs, store, key, size),
      );
    }
    page = [];
  };
  for await (const { key, size } of storage.list()) {
    options.signal.throwIfAborted();
    const [workspaceId = '', sha256 = ''] = key.split('/');
    page.push({ workspaceId, sha256, size });
    listed += 1;
    options.progress(`listed of ${store}`, listed, undefined);
    if (page.length === pageSize) await look();
  }
  await look();
}

/** A failed deletion does not stop the rest. */
async function orTold({ tell }: CheckOptions, counts: Counts, name: string, work: () => Promise<unknown>) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    counts.failed += 1;
    tell(`not removed: ${name} (${error.message})`);
  }
}

async function removeStray({ engineDb, clock, stores }: CheckNeeds, store: string, key: ContentKey, size: number) {
  const storage = await stores.open(store);
  const remove = () => storage.remove(storageKey(key.workspaceId, key.sha256));
  const begun = await engineDb.transaction(async tx => {
    const begun = await maintenance.beginStray(tx, store, key, size, clock.sqlNow());
    if (begun === 'copy') await remove();
    return begun;
  });
  if (begun !== 'row') return;
  await remove();
  await endDrop(engineDb, key);
}

async function removeForeign({ engineDb, stores }: CheckNeeds, store: string, key: ContentKey): Promise<void> {
  // The workspace may be new.
  if (await maintenance.isWorkspace(engineDb, key.workspaceId)) return;
  const storage = await stores.open(store);
  await storage.remove(storageKey(key.workspaceId, key.sha256));
}

async function checkUnused(needs: CheckNeeds, options: CheckOptions, counts: Counts): Promise<number> {
  const found = await unusedContents(needs.engineDb, needs.clock.sqlNow(), 100_000);
  for (const key of found) {
    options.signal.throwIfAborted();
    const name = storageKey(key.workspaceId, key.sha256);
    options.tell(`not needed: ${name}`);
    if (options.repair) await orTold(options, counts, name, () => dropContent(needs, key));
  }
  return found.length;
}

async function removeLeftovers({ spool, stores }: CheckNeeds, options: CheckOptions): Promise<number> {
  let removed = await spool.removeLeftovers();
  for (const store of options.stores) {
    const storage = await stores.open(store);
    // Younger uploads may be in progress.
    removed += await storage.removeLeftovers(new Date(Date.now() - 86_400_000));
  }
  return removed;
}
