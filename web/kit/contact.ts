// Signs that the server answers. Pauses before another try end with the first of them.

const pauses = new Set<() => void>();
const isSeen = () => document.visibilityState === 'visible';

/** The server has answered, whatever it said: nobody waits for it any longer. */
export function heard(): void {
  for (const end of [...pauses]) end();
}

addEventListener('online', heard);
// A page that comes into sight asks at once.
document.addEventListener('visibilitychange', () => isSeen() && heard());

const ofProxies: ReadonlySet<number> = new Set([502, 503, 504]);

/** Whether proxies answer with this status for a server that is away. */
export const isOfProxy = (status: number): boolean => ofProxies.has(status);

/** The same `fetch`, whose answers are signs of the server. */
export const hearing =
  (fetcher: typeof fetch): typeof fetch =>
  async (input, init) => {
    const answer = await fetcher(input, init);
    if (!isOfProxy(answer.status)) heard();
    return answer;
  };

/** The most milliseconds between two tries while the server is away. A page in sight asks often. */
export const longestPause = (): number => (isSeen() ? 2_500 : 30_000);

/** The milliseconds to wait after so many failures, from 1. */
export const pauseAfter = (failures: number): number => Math.min(longestPause(), 250 * 2 ** failures);

/** Waits so long, at most until the signal. */
export const pass = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, signal);

/** Waits so long, at most until the signal or until the server is heard. */
export const passUntilHeard = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, signal, pauses);

function wait(ms: number, signal: AbortSignal, endings?: Set<() => void>): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      endings?.delete(end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    endings?.add(end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
