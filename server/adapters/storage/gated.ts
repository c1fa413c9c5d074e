// Limits concurrency on a network store: puts, because each holds parts in memory, and open downloads.
import { finished } from 'node:stream';
import { semaphore } from '../../kit/async/semaphore.ts';
import { readKey, type Storage, StorageError } from '../../ports/storage.ts';

export interface StoreLimits {
  /** Concurrent puts, and how many more may queue. */
  puts: number;
  waitingPuts: number;
  /** Files read at once, in total and per workspace: a slow reader keeps its slot for long. */
  reads: number;
  readsOfOne: number;
}

/** 10 MiB per put. Fewer reads than the adapter's pool has connections. */
const storeLimits: StoreLimits = { puts: 8, waitingPuts: 256, reads: 240, readsOfOne: 60 };

const busy = (what: string) => new StorageError('busy', `${what}. Try again in a moment.`);

/** Returns the store with limits on concurrent calls. Beyond them it throws `busy`. */
export function gatedStorage(storage: Storage, limits: StoreLimits = storeLimits): Storage {
  const pass = semaphore(limits.puts);
  const readsOf = new Map<string, number>();
  let puts = 0;
  let reads = 0;

  function takeRead(workspaceId: string): () => void {
    const ofOne = readsOf.get(workspaceId) ?? 0;
    if (ofOne >= limits.readsOfOne) throw busy('Too many files of this workspace are being read');
    if (reads >= limits.reads) throw busy('Too many files are being read');
    reads += 1;
    readsOf.set(workspaceId, ofOne + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      reads -= 1;
      const left = (readsOf.get(workspaceId) ?? 1) - 1;
      if (left === 0) readsOf.delete(workspaceId);
      else readsOf.set(workspaceId, left);
    };
  }

  return {
    ...storage,
    async put(key, content, options) {
      if (puts >= limits.puts + limits.waitingPuts) {
        content.on('error', () => {}).destroy();
        throw busy('Too many files are being stored');
      }
      puts += 1;
      try {
        return await pass(() => storage.put(key, content, options));
      } finally {
        puts -= 1;
      }
    },
    async read(key, options) {
      const free = takeRead(readKey(key).workspaceId);
      try {
        const found = await storage.read(key, options);
        finished(found.content, free);
        return found;
      } catch (error) {
        free();
        throw error;
      }
    },
  };
}
