// Reads whole request bodies into memory, with a ceiling for all of them together.
import type { Readable } from 'node:stream';
import { commonProblem } from '../errors.ts';

export interface BodyLimits {
  /** The bytes of each body that do not count. Every route reads that many, and ordinary bodies stay below. */
  free: number;
  /** The most other bytes of all bodies that are held at once. */
  together: number;
  /** The most other bytes of the bodies of one owner that are held at once. */
  perOwner?: number;
}

export interface BodyOptions {
  /** The most bytes of this body. */
  largest: number;
  /** Who sends it, if known. */
  owner?: string | undefined;
}

/** Reads a body and passes it to `use`. The bytes count until `use` is done. */
export type BodyReader = <Result>(
  body: Readable,
  options: BodyOptions,
  use: (bytes: Buffer) => Result | Promise<Result>,
) => Promise<Result>;

/** Returns a reader that throws an AppError if a body, or all of them together, are too large. */
export function bodyReader({ free, together, perOwner = together }: BodyLimits): BodyReader {
  let held = 0;
  const heldBy = new Map<string, number>();

  function count(bytes: number, owner: string | undefined): void {
    held += bytes;
    if (owner === undefined || bytes === 0) return;
    const left = (heldBy.get(owner) ?? 0) + bytes;
    if (left > 0) heldBy.set(owner, left);
    else heldBy.delete(owner);
  }

  const isTooMuch = (owner: string | undefined) =>
    held > together || (owner !== undefined && (heldBy.get(owner) ?? 0) > perOwner);

  return async (body, { largest, owner }, use) => {
    // It may have ended while the caller was identified; then it emits no more events.
    if (body.destroyed) throw abortedProblem();
    let counted = 0;
    const settle = (size: number) => {
      count(size - counted, owner);
      counted = size;
    };
    try {
      const bytes = await new Promise<Buffer>((resolve, reject) => {
        const chunks: Buffer[] = [];
        let size = 0;
        function end(done: () => void): void {
          body.off('data', take).off('end', finish).off('close', fail).off('error', fail);
          done();
        }
        function take(chunk: Buffer): void {
          size += chunk.length;
          settle(Math.max(0, size - free));
          chunks.push(chunk);
          if (size > largest) end(() => reject(tooLarge(largest)));
          else if (counted > 0 && isTooMuch(owner)) end(() => reject(tooMuch()));
        }
        const finish = () => end(() => resolve(Buffer.concat(chunks, size)));
        const fail = () => end(() => reject(abortedProblem()));
        body.on('data', take).on('end', finish).on('close', fail).on('error', fail);
      });
      return await use(bytes);
    } finally {
      settle(0);
    }
  };
}

/** The error for a body that is larger than its route allows. */
export const tooLarge = (largest: number) =>
  commonProblem('payload_too_large', `The body may have at most ${largest} bytes.`);

/** The error for a body whose connection ended early. */
export const abortedProblem = () =>
  commonProblem('invalid_request', 'The connection ended before the body was complete.');

const tooMuch = () =>
  commonProblem('unavailable', 'Too many large bodies are being read at once.', { retryAfterSeconds: 5 });
