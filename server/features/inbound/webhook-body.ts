// Bodies of webhooks, whose signature can be looked at only once all of them is there: read with a ceiling on all together.
import type { Readable } from 'node:stream';
import { commonProblem } from '../../kit/errors.ts';

export interface BodyLimits {
  /** Of one body, in bytes. */
  largest: number;
  /** Bytes of each that count for nothing, as any route reads so many: what people write stays below them. */
  free: number;
  /** Of the rest, for all bodies that are being read. */
  together: number;
}

/** Makes what reads a body. It throws an AppError where the body, or all of them together, are too large. */
export function bodyReader({ largest, free, together }: BodyLimits): (body: Readable) => Promise<Buffer> {
  let held = 0;
  return body =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const counted = () => Math.max(0, size - free);

      function settle(done: () => void): void {
        body.off('data', take).off('end', finish).off('close', fail).off('error', fail);
        held -= counted();
        done();
      }
      function take(chunk: Buffer): void {
        held -= counted();
        size += chunk.length;
        held += counted();
        chunks.push(chunk);
        if (size > largest) settle(() => reject(commonProblem('payload_too_large')));
        else if (held > together && counted() > 0) settle(() => reject(tooMuch()));
      }
      const finish = () => settle(() => resolve(Buffer.concat(chunks)));
      // An aborted request is the client's failure.
      const fail = () => settle(() => reject(commonProblem('invalid_request', 'The body did not come.')));
      body.on('data', take).on('end', finish).on('close', fail).on('error', fail);
    });
}

const tooMuch = () =>
  commonProblem('unavailable', 'Too many large bodies are being read at once.', { retryAfterSeconds: 5 });
