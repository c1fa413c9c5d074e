// Moves contents to another store one by one: copies and verifies, updates the row, then deletes the old file.
import { StorageError, storageKey } from '../../../ports/storage.ts';
import { type ContentKey, holdStored, letGo } from '../files/content-store.ts';
import { servedType } from '../files/file-headers.ts';
import type { MediaService } from '../files/store-file.ts';
import * as maintenance from './maintenance-store.ts';

type MoveNeeds = Pick<MediaService, 'engineDb' | 'clock' | 'stores'>;

export interface MoveOptions {
  to: string;
  /** Called with each failed move or deletion, as a sentence. */
  tell: (line: string) => void;
  progress: (done: { files: number; bytes: number }, of: { count: number; bytes: number }) => void;
  signal: AbortSignal;
}

const pageSize = 100;

/** Moves all contents that are elsewhere. It can be stopped at any time, and continues on the next run. */
export async function moveMedia(
  needs: MoveNeeds,
  options: MoveOptions,
): Promise<{ moved: number; bytes: number; failed: number; left: number }> {
  const { to, tell, progress, signal } = options;
  const all = await maintenance.countContents(needs.engineDb, to);
  let [moved, bytes, failed, left] = [0, 0, 0, 0];
  let after: ContentKey | undefined;
  for (;;) {
    const page = await maintenance.nextContents(needs.engineDb, after, pageSize, { outside: to });
    for (const row of page) {
      signal.throwIfAborted();
      try {
        const result = await moveOne(needs, row, to, signal);
        if (result.outcome !== 'gone') [moved, bytes] = [moved + 1, bytes + row.size];
        if (result.outcome === 'left') {
          left += 1;
          tell(`copied, but not deleted: ${row.store} ${storageKey(row.workspaceId, row.sha256)} (${result.why})`);
        }
      } catch (error) {
        signal.throwIfAborted();
        // A lost or damaged content does not stop the rest; a store that fails does.
        if (!(error instanceof StorageError) || (error.code !== 'not_found' && error.code !== 'mismatch')) throw error;
        failed += 1;
        tell(`not moved: ${row.store} ${storageKey(row.workspaceId, row.sha256)} (${error.message})`);
      }
      progress({ files: moved, bytes }, all);
    }
    after = page.at(-1);
    if (page.length < pageSize) return { moved, bytes, failed, left };
  }
}

type Moved = { outcome: 'moved' | 'gone' } | { outcome: 'left'; why: string };

async function moveOne(needs: MoveNeeds, row: maintenance.ContentRow, to: string, signal: AbortSignal): Promise<Moved> {
  const { engineDb, clock, stores } = needs;
  const key = storageKey(row.workspaceId, row.sha256);
  // While held it is not removed, and its copy does not count as stray.
  if (!(await holdStored(engineDb, row, clock.sqlNow()))) return { outcome: 'gone' };
  try {
    const [from, target] = [await stores.open(row.store), await stores.open(to)];
    const { content } = await from.read(key, { signal });
    // The key contains the hash: a store accepts no other content under it.
    await target.put(key, content, { contentType: servedType(row.mimeType), size: row.size, signal });
    if (!(await maintenance.noteMoved(engineDb, row, to))) return { outcome: 'gone' };
    try {
      await from.remove(key);
    } catch (error) {
      // The row already names the new store, so only a check finds this copy.
      return { outcome: 'left', why: error instanceof Error ? error.message : String(error) };
    }
    return { outcome: 'moved' };
  } finally {
    await letGo(engineDb, row);
  }
}
