// Looks for the file of each content: in the store of its row, then in the others.
import { type Storage, StorageError, storageKey } from '../../../ports/storage.ts';
import type { ContentKey } from '../files/content-store.ts';
import type { MediaService } from '../files/store-file.ts';
import * as maintenance from './maintenance-store.ts';

export type CheckNeeds = Pick<MediaService, 'engineDb' | 'clock' | 'stores' | 'spool'>;

export interface CheckOptions {
  /** The stores to search. */
  stores: readonly string[];
  /** Whether to repair: delete stray files, and mark lost contents. */
  repair: boolean;
  /** Whether to repair even if so much is lost that the store itself may be missing or wrong. */
  force: boolean;
  /** Whether to delete files of workspaces that this database does not know. */
  foreign: boolean;
  /** Called with each finding as a sentence. */
  tell: (line: string) => void;
  /** Called now and then with the progress. */
  progress: (what: string, done: number, of: number | undefined) => void;
  signal: AbortSignal;
}

export interface CheckResult {
  contents: number;
  /** Contents whose file is missing or has another size. */
  lost: number;
  /** Of those, the ones already known to be lost. */
  knownLost: number;
  /** Contents that are in another store than their row says, or were lost and exist again. */
  found: number;
  /** Files without a row. */
  strays: number;
  /** Files of workspaces that this database does not know. */
  foreign: number;
  /** Unused contents, and interrupted removals. */
  unused: number;
  /** Files of dead processes in the spool; known only when repairing. */
  leftovers: number;
  /** Deletions that failed. */
  failed: number;
  /** Why nothing was repaired, as a sentence. */
  refused: string | undefined;
}

const pageSize = 200;
const mostLooks = 5;
/** This many may be lost individually. If more, and more than this share, suspect the store itself. */
const handful = 5;
const notableShare = 0.1;

type RowCounts = Pick<CheckResult, 'contents' | 'lost' | 'knownLost' | 'found' | 'refused'>;

/** The state of a content. */
type Sight =
  /** In the store of its row. */
  | { is: 'there' }
  /** In another store, or found again. */
  | { is: 'found'; store: string; content: maintenance.SeenContent }
  | { is: 'lost'; trouble: string; content: maintenance.SeenContent }
  /** In use by a process. */
  | { is: 'busy' };

/** Looks for every content. Repairs the rows if asked to, unless too much is lost. */
export async function checkRows(needs: CheckNeeds, options: CheckOptions): Promise<RowCounts> {
  const { engineDb, clock } = needs;
  const { count } = await maintenance.countContents(engineDb);
  const counts: RowCounts = { contents: 0, lost: 0, knownLost: 0, found: 0, refused: undefined };
  const looked = new Map<string, { contents: number; lost: number }>();
  const lost: maintenance.SeenContent[] = [];
  let after: ContentKey | undefined;
  for (;;) {
    const page = await maintenance.nextSettled(engineDb, after, pageSize, clock.sqlNow());
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
      // The next check handles what has changed since.
      await engineDb.transaction(tx => maintenance.markLost(tx, content, clock.sqlNow()));
    }
  return counts;
}

/** Reading the same row version before and after the store lookup proves that no process changed it meanwhile. */
async function lookFor({ engineDb, clock, stores }: CheckNeeds, options: CheckOptions, row: maintenance.SeenContent) {
  let content: maintenance.SeenContent | undefined = row;
  for (let look = 0; look < mostLooks; look++) {
    const sight = await lookIn(name => stores.open(name), options.stores, content);
    if (sight.is === 'there') return sight;
    const again: maintenance.SeenContent | undefined = await maintenance.findSettled(engineDb, row, clock.sqlNow());
    if (!again) return { is: 'busy' } as const;
    if (again.version === content.version) return sight;
    content = again;
  }
  return { is: 'busy' } as const;
}

async function lookIn(
  open: (store: string) => Promise<Storage>,
  stores: readonly string[],
  content: maintenance.SeenContent,
): Promise<Sight> {
  const trouble = await troubleOf(await open(content.store), content);
  if (trouble === undefined) return content.isLost ? { is: 'found', store: content.store, content } : { is: 'there' };
  for (const store of stores)
    if (store !== content.store && (await troubleOf(await open(store), content)) === undefined)
      return { is: 'found', store, content };
  return { is: 'lost', trouble, content };
}

async function troubleOf(storage: Storage, content: maintenance.SeenContent): Promise<string | undefined> {
  try {
    const { size } = await storage.head(storageKey(content.workspaceId, content.sha256));
    return size === content.size ? undefined : `it has ${size} bytes instead of ${content.size}`;
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
  if (repair) await engineDb.transaction(tx => maintenance.markFound(tx, content, store, clock.sqlNow()));
}

function tooManyLost(looked: ReadonlyMap<string, { contents: number; lost: number }>): string | undefined {
  for (const [store, { contents, lost }] of looked)
    if (lost > handful && lost > contents * notableShare)
      return `${lost} of ${contents} contents are not in ${store}. The folder may not be mounted, or the bucket may be wrong, so nothing was repaired: check the store's settings first. Use --force to mark them as lost anyway.`;
  return undefined;
}
