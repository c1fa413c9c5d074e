// How often a message was asked for again, or sent again: kept across connections, so that it ends at some time.
import type { CacheStore } from 'baileys';
import type { Gateway } from '../../driver.ts';
import { readOwnKey, writeOwnKey } from './own-keys.ts';

const maxCounts = 200;

/** A store for the library's retry counts. The gateway deletes them by age. */
export const createRetryCounts = (gateway: Gateway): CacheStore => {
  const recent = new Map<string, number>();
  const remember = (id: string, count: number): void => {
    recent.delete(id);
    recent.set(id, count);
    for (const oldest of recent.keys()) {
      if (recent.size <= maxCounts) return;
      recent.delete(oldest);
    }
  };
  return {
    async get<Value>(id: string) {
      const count = recent.get(id) ?? (await readOwnKey(gateway, 'retry', id));
      // The library keeps only numbers here, and takes a missing one for 0.
      return count as Value;
    },
    async set(id, value) {
      remember(id, Number(value));
      await writeOwnKey(gateway, 'retry', id, Number(value));
    },
    async del(id) {
      recent.delete(id);
      await writeOwnKey(gateway, 'retry', id, null);
    },
    flushAll: () => recent.clear(),
  };
};
