// The signal keys of a session: the library's key store over the gateway, with a small cache.
import { BufferJSON, proto, type SignalKeyStore } from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { KeyChanges } from '../../protocol.ts';
import { createKeyCache } from './key-cache.ts';

/** Types that are read once or in bulk, so that they would only push others out. */
const uncached = new Set(['pre-key', 'pending-message', 'sent-message', 'poll']);

const revive = (type: string, text: string): unknown => {
  const value = JSON.parse(text, BufferJSON.reviver);
  return type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
};

/**
 * A key store over the gateway: one `set` is one transaction of its database.
 * When the gateway cannot store, `fail` must end the connection before anything else is acknowledged.
 */
export const createKeyStore = (gateway: Gateway, fail: (error: unknown) => void): SignalKeyStore => {
  const cache = createKeyCache();
  let failure: { error: unknown } | undefined;
  let writes = 0;
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (failure) throw failure.error;
    try {
      return await work();
    } catch (error) {
      failure ??= { error };
      fail(error);
      throw error;
    }
  };

  const readTexts = async (type: string, ids: string[]): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    const missing: string[] = [];
    for (const id of ids) {
      const text = cache.get(type, id);
      if (text === undefined) missing.push(id);
      else if (text !== null) found[id] = text;
    }
    if (missing.length === 0) return found;
    const before = writes;
    const read = await guarded(() => gateway.request('getKeys', { type, ids: missing }));
    // A value read before a write and returned after it may be the old one.
    const isCurrent = before === writes;
    for (const id of missing) {
      const text = read[id];
      if (text !== undefined) found[id] = text;
      if (isCurrent && !uncached.has(type)) cache.set(type, id, text ?? null);
    }
    return found;
  };

  return {
    async get(type, ids) {
      const texts = await readTexts(type, ids);
      // Each reader gets a value of its own: the library changes what it reads.
      return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, revive(type, text)])) as never;
    },
    async set(data) {
      const changes: KeyChanges = {};
      for (const [type, values] of Object.entries(data)) {
        changes[type] = Object.fromEntries(
          Object.entries(values as Record<string, unknown>).map(([id, value]) => [
            id,
            value === null || value === undefined ? null : JSON.stringify(value, BufferJSON.replacer),
          ]),
        );
      }
      await guarded(() => gateway.request('setKeys', { changes }));
      writes += 1;
      for (const [type, values] of Object.entries(changes)) {
        if (uncached.has(type)) continue;
        for (const [id, text] of Object.entries(values)) cache.set(type, id, text);
      }
    },
  };
};
