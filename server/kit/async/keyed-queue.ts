// Lines: work of one key is done piece after piece, in the order in which it came, and that of others beside it.
import { gate } from './semaphore.ts';

/** Makes lines of at most `longest` pieces each, the one at work included. Gives undefined where a line is full. */
export function lines(longest: number) {
  const all = new Map<string, { pass: ReturnType<typeof gate>; length: number }>();
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    const line = all.get(key) ?? { pass: gate(1), length: 0 };
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
