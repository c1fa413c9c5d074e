// Comparing rows and stores, both ways: files that no row knows, rows whose file is gone.
import { StorageError, storageKey } from '../../ports/storage.ts';
import { type ContentKey, endDrop, unusedContents } from './content-store.ts';
import { dropContent, type KeepNeeds } from './keep-file.ts';
import * as upkeep from './upkeep-store.ts';

type CheckNeeds = Pick<KeepNeeds, 'engineDb' | 'clock' | 'stores' | 'spool'>;

export interface CheckOptions {
  /** The stores to look through. */
  stores: readonly string[];
  /** Whether to mend what is found: strays are removed, what is lost is said to be so. */
  repair: boolean;
  /** Told of each finding, as a sentence. */
  tell: (line: string) => void;
  /** Told now and then how far it is. */
  progress: (what: string, done: number, of: number | undefined) => void;
  signal: AbortSignal;
}

export interface CheckResult {
  contents: number;
  /** Contents whose file is missing, or has another size. */
  lost: number;
  /** Files that no row knows. */
  strays: number;
  /** Contents that nothing needs, or whose removal was cut off. */
  unused: number;
  /** What dead processes had left in the spool; known where it was mended. */
  leftovers: number;
}

const pageSize = 200;

export async function checkMedia(needs: CheckNeeds, options: CheckOptions): Promise<CheckResult> {
  const { contents, lost } = await checkRows(needs, options);
  let strays = 0;
  for (const store of options.stores) strays += await checkStore(needs, store, options);
  const unused = await checkUnused(needs, options);
  const leftovers = options.repair ? await removeLeftovers(needs, options) : 0;
  return { contents, lost, strays, unused, leftovers };
}

async function checkRows(needs: CheckNeeds, { repair, tell, progress, signal }: CheckOptions) {
  const { engineDb, stores } = needs;
  const { count } = await upkeep.countContents(engineDb);
  let [contents, lost] = [0, 0];
  let after: ContentKey | undefined;
  for (;;) {
    const page = await upkeep.nextContents(engineDb, after, pageSize);
    for (const row of page) {
      signal.throwIfAborted();
      const trouble = await troubleOf(await stores.open(row.store), row);
      contents += 1;
      progress('checked', contents, count);
      if (trouble === undefined) continue;
      lost += 1;
      tell(`lost: ${row.store} ${storageKey(row.workspaceId, row.sha256)} (${trouble})`);
      if (repair) await engineDb.transaction(tx => upkeep.markLost(tx, row));
    }
    after = page.at(-1);
    if (page.length < pageSize) return { contents, lost };
  }
}

async function troubleOf(
  storage: { head(key: string): Promise<{ size: number }> },
  row: upkeep.ContentRow,
): Promise<string | undefined> {
  try {
    const { size } = await storage.head(storageKey(row.workspaceId, row.sha256));
    return size === row.size ? undefined : `it has ${size} bytes, and should have ${row.size}`;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not_found') return 'it is not in the store';
    throw error;
  }
}

async function checkStore(needs: CheckNeeds, store: string, options: CheckOptions): Promise<number> {
  const storage = await needs.stores.open(store);
  let [listed, strays] = [0, 0];
  let page: (ContentKey & { size: number })[] = [];
  const look = async () => {
    const found = await upkeep.withoutRow(needs.engineDb, store, page, needs.clock.sqlNow());
    for (const key of found) {
      strays += 1;
      options.tell(`stray: ${store} ${storageKey(key.workspaceId, key.sha256)}`);
      const size = page.find(file => file.sha256 === key.sha256 && file.workspaceId === key.workspaceId)?.size ?? 0;
      if (options.repair) await removeStray(needs, store, key, size);
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
  return strays;
}

async function removeStray({ engineDb, clock, stores }: CheckNeeds, store: string, key: ContentKey, size: number) {
  const begun = await engineDb.transaction(tx => upkeep.beginStray(tx, store, key, size, clock.sqlNow()));
  if (begun === undefined) return;
  const storage = await stores.open(store);
  await storage.remove(storageKey(key.workspaceId, key.sha256));
  if (begun === 'row') await endDrop(engineDb, key);
}

async function checkUnused(needs: CheckNeeds, { repair, tell }: CheckOptions): Promise<number> {
  const found = await unusedContents(needs.engineDb, needs.clock.sqlNow(), 100_000);
  for (const key of found) {
    tell(`not needed: ${storageKey(key.workspaceId, key.sha256)}`);
    if (repair) await dropContent(needs, key);
  }
  return found.length;
}

async function removeLeftovers({ spool, stores }: CheckNeeds, options: CheckOptions): Promise<number> {
  let removed = await spool.removeLeftovers();
  for (const store of options.stores) {
    const storage = await stores.open(store);
    // What is younger may be an upload that is going on.
    removed += await storage.removeLeftovers(new Date(Date.now() - 86_400_000));
  }
  return removed;
}
