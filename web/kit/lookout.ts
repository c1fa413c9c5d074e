// One tab of this browser watches for all: it stays connected while nobody sees it, and tells of new messages.
import { useSyncExternalStore } from 'react';

const lockName = 'recado.lookout';
let isMine = false;

/** Whether this tab tells of new messages. Without locks, over plain HTTP, each tab does, as long as it is connected. */
export const isLookout = (): boolean => isMine || !navigator.locks;

/** Whether this tab stays connected while nobody sees it. */
export const staysConnected = (): boolean => isMine;

/** Takes the watch once no other tab has it, and gives it back with the signal. */
export function takeLookout(signal: AbortSignal, onTaken: () => void): void {
  if (!navigator.locks) return;
  const end = new Promise<void>(resolve => {
    signal.addEventListener('abort', () => {
      isMine = false;
      resolve();
    });
  });
  const watch = () => {
    isMine = true;
    onTaken();
    return end;
  };
  navigator.locks.request(lockName, { signal }, watch).catch((error: unknown) => {
    // It ended while another tab had the watch.
    if (!signal.aborted) reportError(error);
  });
}

const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

function listenToLooks(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  for (const type of ['focus', 'blur']) addEventListener(type, listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
    for (const type of ['focus', 'blur']) removeEventListener(type, listener);
  };
}

/** Whether somebody has this tab before their eyes. */
export const useIsLooking = (): boolean => useSyncExternalStore(listenToLooks, isLooking);

const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('recado.looking') : undefined;
channel?.addEventListener('message', ({ data }) => {
  if (data === 'who looks?' && isLooking()) channel.postMessage('I do');
});
/** So long other tabs may take to answer. */
const patienceMs = 250;

/** Whether somebody has a tab of the app before their eyes. */
export function isAnybodyLooking(): Promise<boolean> {
  if (isLooking() || !channel) return Promise.resolve(isLooking());
  return new Promise(resolve => {
    const end = (isSeen: boolean) => {
      clearTimeout(timer);
      channel.removeEventListener('message', hear);
      resolve(isSeen);
    };
    const hear = ({ data }: MessageEvent) => data === 'I do' && end(true);
    const timer = setTimeout(() => end(false), patienceMs);
    channel.addEventListener('message', hear);
    channel.postMessage('who looks?');
  });
}
