// Looking for the file of each content: in the store that its row names, and where it is not there, in the others.
import { type Storage, StorageError, storageKey } from '../../../ports/storage.ts';
import type { ContentKey } from '../files/content-store.ts';
import type { KeepNeeds } from '../files/store-file.ts';
import * as upkeep from './maintenance-store.ts';

export type CheckNeeds = Pick<KeepNeeds, 'engineDb' | 'clock' | 'stores' | 'spool'>;

export interface CheckOptions {
  /** The stores to look through. */
  stores: readonly string[];
  /** Whether to mend what is found: strays are removed, what is lost is said to be so. */
  repair: boolean;
  /** Whether to mend also where so much is lost that the store itself seems to be missing, or another one. */
  force: boolean;
  /** Whether files of workspaces that this database does not know are removed too. */
  foreign: boolean;
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
  /** Those of them that were known to be lost. */
  knownLost: number;
  /** Contents that are in another store than their row says, or were lost and are there again. */
  found: number;
  /** Files that no row knows. */
  strays: number;
  /** Files of workspaces that this database does not know. */
  foreign: number;
  /** Contents that nothing needs, or whose removal was cut off. */
  unused: number;
  /** What dead processes had left in the spool; known where it was mended. */
  leftovers: number;
  /** What could not be removed. */
  failed: number;
  /** Why nothing was mended, as a sentence. */
  refused: string | undefined;
}

const pageSize = 200;
const mostLooks = 5;
/** So many may be lost one by one. Beyond, and beyond so great a share of a store, the store itself is looked at first. */
const handful = 5;
const notableShare = 0.1;

type RowCounts = Pick<CheckResult, 'contents' | 'lost' | 'knownLost' | 'found' | 'refused'>;

/** What was seen of a content. */
type Sight =
  /** Where its row says. */
  | { is: 'there' }
  /** In another store, or again. */
  | { is: 'found'; store: string; content: upkeep.SeenContent }
  | { is: 'lost'; trouble: string; content: upkeep.SeenContent }
  /** Somebody is at work with it. */
  | { is: 'busy' };

/** Looks for every content, and mends what their rows say where that is asked for and not refused. */
export async function checkRows(needs: CheckNeeds, options: CheckOptions): Promise<RowCounts> {
  const { engineDb, clock } = needs;
  const { count } = await upkeep.countContents(engineDb);
  const counts: RowCounts = { contents: 0, lost: 0, knownLost: 0, found: 0, refused: undefined };
  const looked = new Map<string, { contents: number; lost: number }>();
  const lost: upkeep.SeenContent[] = [];
  let after: ContentKey | undefined;
  for (;;) {
    const page = await upkeep.nextSettled(engineDb, after, pageSize, clock.sqlNow());
    for (const row of page) {
      options.signal.throwIfAborted();
      const sight = await lookFor(needs, options, row);
      counts.contents += 1;
      options.progress('checked', counts.contents, Math.max(count, counts.contents));
      if (sight.is === 'found') await tellFound(needs, options, sight, counts);
      const inStore = looked.get(row.store) ?? { contents: 0, lost: 0 };
      looked.set(row.store, inStore);
      if (!row.isLost) inStore.contents += 1;
      if (sight.is !== 'lost') continue;
      counts.lost += 1;
      const { store, workspaceId, sha256, isLost } = sight.content;
      const known = isLost ? ', as is known' : '';
      options.tell(`lost: ${store} ${storageKey(workspaceId, sha256)} (${sight.trouble}${known})`);
      if (isLost) counts.knownLost += 1;
      else {
        inStore.lost += 1;
        lost.push(sight.content);
      }
    }
    after = page.at(-1);
    if (page.length < pageSize) break;
  }
  if (!options.repair) return counts;
  if (!options.force) counts.refused = tooManyLost(looked);
  if (counts.refused === undefined)
    for (const content of lost) {
      options.signal.throwIfAborted();
      // What has changed since is looked at by the next check.
      await engineDb.transaction(tx => upkeep.markLost(tx, content, clock.sqlNow()));
    }
  return counts;
}

/** Two looks at the row with the same version have between them the look into the stores, so that nobody was at work meanwhile. */
async function lookFor({ engineDb, clock, stores }: CheckNeeds, options: CheckOptions, row: upkeep.SeenContent) {
  let content: upkeep.SeenContent | undefined = row;
  for (let look = 0; look < mostLooks; look++) {
    const sight = await lookIn(name => stores.open(name), options.stores, content);
    if (sight.is === 'there') return sight;
    const again: upkeep.SeenContent | undefined = await upkeep.findSettled(engineDb, row, clock.sqlNow());
    if (!again) return { is: 'busy' } as const;
    if (again.version === content.version) return sight;
    content = again;
  }
  return { is: 'busy' } as const;
}

async function lookIn(
  open: (store: string) => Promise<Storage>,
  stores: readonly string[],
  content: upkeep.SeenContent,
): Promise<Sight> {
  const trouble = await troubleOf(await open(content.store), content);
  if (trouble === undefined) return content.isLost ? { is: 'found', store: content.store, content } : { is: 'there' };
  for (const store of stores)
    if (store !== content.store && (await troubleOf(await open(store), content)) === undefined)
      return { is: 'found', store, content };
  return { is: 'lost', trouble, content };
}

async function troubleOf(storage: Storage, content: upkeep.SeenContent): Promise<string | undefined> {
  try {
    const { size } = await storage.head(storageKey(content.workspaceId, content.sha256));
    return size === content.size ? undefined : `it has ${size} bytes, and should have ${content.size}`;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not_found') return 'it is not in the store';
    throw error;
  }
}

async function tellFound(
  { engineDb, clock }: CheckNeeds,
  { repair, tell }: CheckOptions,
  { store, content }: Extract<Sight, { is: 'found' }>,
  counts: RowCounts,
): Promise<void> {
  counts.found += 1;
  const why = content.isLost ? 'it was lost' : `its row says ${content.store}`;
  tell(`found: ${store} ${storageKey(content.workspaceId, content.sha256)} (${why})`);
  if (repair) await engineDb.transaction(tx => upkeep.markFound(tx, content, store, clock.sqlNow()));
}

function tooManyLost(looked: ReadonlyMap<string, { contents: number; lost: number }>): string | undefined {
  for (const [store, { contents, lost }] of looked)
    if (lost > handful && lost > contents * notableShare)
      return `${lost} of ${contents} contents are not in ${store}. That looks like a folder that is not mounted, or another bucket, so nothing was mended: look at the settings of the store first. With --force they are said to be lost all the same.`;
  return undefined;
}
