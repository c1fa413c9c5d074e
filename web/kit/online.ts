// Whether the browser has a network.
import { useSyncExternalStore } from 'react';

function listen(change: () => void): () => void {
  addEventListener('online', change);
  addEventListener('offline', change);
  return () => {
    removeEventListener('online', change);
    removeEventListener('offline', change);
  };
}

export const useOnline = (): boolean => useSyncExternalStore(listen, () => navigator.onLine);
