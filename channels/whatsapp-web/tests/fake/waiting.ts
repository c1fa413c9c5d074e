// Waits for something to become true, without polling: the code that changes something says so.
export class Changes {
  private readonly waiting = new Set<() => void>();

  /** Tells everybody who waits that something changed. */
  happened(): void {
    for (const check of [...this.waiting]) check();
  }

  /** Resolves with the first value of `find` that is not undefined or false. Fails after `timeoutMs`, and says what was missing. */
  until<T>(find: () => T | undefined | false, what: string, timeoutMs = 30_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(check);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`The fake WhatsApp waited ${timeoutMs} ms in vain for ${what}.`));
      }, timeoutMs);
      const check = () => {
        const found = find();
        if (found === undefined || found === false) return;
        end();
        resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }
}

/** A promise with its levers outside. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T | PromiseLike<T>) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
