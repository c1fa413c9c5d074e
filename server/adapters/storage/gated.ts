// A store on the network for many at once: so many puts, as each has parts of its file in memory, and so many bodies.
import { finished } from 'node:stream';
import { gate } from '../../kit/async/semaphore.ts';
import { readKey, type Storage, StorageError } from '../../ports/storage.ts';

export interface StoreLimits {
  /** Puts at once, and how many more wait for their turn. */
  puts: number;
  waitingPuts: number;
  /** Files that are being read at once, and how many of them of one workspace: who reads slowly keeps its place for long. */
  reads: number;
  readsOfOne: number;
}

/** Ten MiB a put, and fewer reads than the pool of the adapter has connections. */
const storeLimits: StoreLimits = { puts: 8, waitingPuts: 256, reads: 240, readsOfOne: 60 };

const busy = (what: string) => new StorageError('busy', `${what}. Try again in a moment.`);

/** The store with a limit of how much is asked of it at once. Beyond, it throws `busy`. */
export function gatedStorage(storage: Storage, limits: StoreLimits = storeLimits): Storage {
  const pass = gate(limits.puts);
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
        throw busy('Too many files are on their way to the store');
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
