// The app's entries in the storage of this browser.

/** The keys in the storage of this origin that begin alike. */
export const storedKeys = (prefix: string): string[] =>
  Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '').filter(key =>
    key.startsWith(prefix),
  );
