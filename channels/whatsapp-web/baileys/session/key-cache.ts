// Recently used keys as text, so that a message does not ask the database for the same key again. Bounded by its size.

/** The characters of a session's cache: most sessions talk to few people at a time. */
const maxCharacters = 60_000;

export interface KeyCache {
  /** Null: the key does not exist. Undefined: it is not known here. */
  get(type: string, id: string): string | null | undefined;
  set(type: string, id: string, value: string | null): void;
}

/** A cache that forgets the key that was not used for the longest time. */
export const createKeyCache = (limit = maxCharacters): KeyCache => {
  const entries = new Map<string, string | null>();
  let size = 0;
  const sizeOf = (key: string, value: string | null): number => key.length + (value?.length ?? 0);
  const remove = (key: string): void => {
    const value = entries.get(key);
    if (value === undefined) return;
    entries.delete(key);
    size -= sizeOf(key, value);
  };
  return {
    get(type, id) {
      const key = `${type}/${id}`;
      const value = entries.get(key);
      if (value === undefined) return undefined;
      // The order of a map is that of insertion: the used one goes to its end.
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(type, id, value) {
      const key = `${type}/${id}`;
      remove(key);
      if (sizeOf(key, value) > limit / 4) return;
      entries.set(key, value);
      size += sizeOf(key, value);
      for (const oldest of entries.keys()) {
        if (size <= limit) return;
        remove(oldest);
      }
    },
  };
};
