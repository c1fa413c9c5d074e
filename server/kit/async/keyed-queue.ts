// Lines: work of one key is done piece after piece, in the order in which it came, and that of others beside it.
import { semaphore } from './semaphore.ts';

/** Creates queues of at most `longest` tasks each, with the running one. Returns undefined if a queue is full. */
export function keyedQueue(longest: number) {
  const all = new Map<string, { pass: ReturnType<typeof semaphore>; length: number }>();
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    const line = all.get(key) ?? { pass: semaphore(1), length: 0 };
    if (line.length >= longest) return undefined;
    all.set(key, line);
    line.length++;
    try {
      return await line.pass(work);
    } finally {
      line.length--;
      if (line.length === 0) all.delete(key);
    }
  };
}
