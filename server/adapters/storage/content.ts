// Shared by all stores: hash and check bytes on the way in, count them on the way out.
import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { bytesPassed } from '../../kit/os/gc-nudge.ts';
import { type ByteRange, readKey, StorageError, type StoredFile } from '../../ports/storage.ts';

export interface CheckedContent {
  /** The bytes, once. It throws before its end if they do not match the key or the size. */
  chunks: AsyncGenerator<Buffer, void>;
  /** Ends the source; the reader that waits for its next bytes gets this error. */
  stop(error: unknown): void;
  /** The hash and size of all bytes, available after the end. */
  stored(): StoredFile;
}

/**
 * Checks a stream on its way into a store. The check comes before the stream ends, so a store that commits after the
 * end never keeps a wrong content. An abort ends it with the signal's reason.
 */
export function checkedContent(
  key: string,
  source: Readable,
  { size, signal }: { size?: number | undefined; signal?: AbortSignal | undefined },
): CheckedContent {
  const expected = keyOrEnd(key, source).sha256;
  const hash = createHash('sha256');
  let stored: StoredFile | undefined;
  let failure: { error: unknown } | undefined;
  let giveUp: ((error: unknown) => void) | undefined;

  const stop = (error: unknown) => {
    failure ??= { error };
    giveUp?.(failure.error);
    // After this point its errors do not matter.
    source.on('error', () => {});
    source.destroy();
  };
  const onAbort = () => stop(signal?.reason);

  /** Also race the abort: a destroyed source may never report its end. */
  const next = (chunks: AsyncIterator<unknown>) =>
    new Promise<IteratorResult<unknown>>((resolve, reject) => {
      if (failure) return reject(failure.error);
      giveUp = reject;
      chunks.next().then(resolve, reject);
    });

  async function* checked(): AsyncGenerator<Buffer, void> {
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const chunks = source[Symbol.asyncIterator]();
      let passed = 0;
      for (let result = await next(chunks); !result.done; result = await next(chunks)) {
        const bytes = Buffer.isBuffer(result.value) ? result.value : Buffer.from(result.value as Uint8Array);
        passed += bytes.length;
        if (size !== undefined && passed > size) throw mismatch(`more than the announced ${size} bytes`);
        hash.update(bytes);
        yield bytes;
        bytesPassed(bytes.length);
      }
      if (size !== undefined && passed < size) throw mismatch(`${passed} instead of the announced ${size} bytes`);
      const sha256 = hash.digest('hex');
      if (sha256 !== expected) throw mismatch('a different hash than its key');
      stored = { size: passed, sha256 };
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  return {
    chunks: checked(),
    stop,
    stored() {
      if (!stored) throw new Error('The content has not been read to its end.');
      return stored;
    },
  };
}

function keyOrEnd(key: string, source: Readable) {
  try {
    return readKey(key);
  } catch (error) {
    source.destroy();
    throw error;
  }
}

export interface Piece {
  data: Buffer;
  start: number;
  last: boolean;
}

/**
 * Collects chunks into pieces of exactly `pieceSize` bytes; only the last may be shorter. Yields at least one, even
 * for an empty content. Two buffers alternate: a piece stays valid until the second piece after it is requested.
 */
export async function* inParts(chunks: AsyncIterable<Buffer>, pieceSize: number): AsyncGenerator<Piece, void> {
  // Copy at once: keeping chunks until a piece is full would need the memory twice.
  let piece: Buffer = Buffer.allocUnsafeSlow(pieceSize);
  let other: Buffer | undefined;
  let held = 0;
  let start = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.length > 0) {
      // A full piece is known not to be the last only when another byte has arrived.
      if (held === pieceSize) {
        yield { data: piece, start, last: false };
        start += held;
        [piece, other] = [other ?? Buffer.allocUnsafeSlow(pieceSize), piece];
        held = 0;
      }
      const copied = rest.copy(piece, held);
      held += copied;
      rest = rest.subarray(copied);
    }
  }
  yield { data: piece.subarray(0, held), start, last: true };
}

/**
 * Passes on what a store sends. Fails with StorageError if the store breaks off, sends a different number of bytes,
 * or sends nothing for `idleMs` while the reader waits. A slow reader does not count as silence of the store.
 * Destroying the output destroys the source.
 */
export function countedContent(source: Readable, length: number, signal?: AbortSignal, idleMs?: number): Readable {
  let passed = 0;
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > length) return done(brokenOff(`it sent more than ${length} bytes`));
      done(null, chunk);
      bytesPassed(chunk.length);
    },
    flush(done) {
      done(passed === length ? null : brokenOff(`it sent ${passed} of ${length} bytes`));
    },
  });
  const idle = idleMs === undefined ? undefined : silence(source, out, idleMs);
  const stop = () => out.destroy(asError(signal?.reason));
  source.once('error', (error: Error) => out.destroy(brokenOff(error.message, error)));
  source.once('close', () => {
    if (!source.readableEnded) out.destroy(brokenOff(`it sent ${passed} of ${length} bytes`));
  });
  out.once('close', () => {
    signal?.removeEventListener('abort', stop);
    clearInterval(idle);
    // Late errors of an abandoned source do not matter.
    source.on('error', () => {});
    source.destroy();
  });
  signal?.addEventListener('abort', stop, { once: true });
  return source.pipe(out);
}

/** Ends `out` when the source has been silent for `idleMs` while `out` could take more. Clear the timer. */
function silence(source: Readable, out: Transform, idleMs: number): NodeJS.Timeout {
  const timer = setInterval(() => {
    if (!out.writableNeedDrain) out.destroy(brokenOff(`it sent nothing for ${idleMs} ms`));
  }, idleMs).unref();
  source.on('data', () => timer.refresh());
  // The reader waits for data again from here.
  out.on('drain', () => timer.refresh());
  return timer;
}

/** The Range header. @throws StorageError if the range is invalid */
export function rangeHeader({ start, end }: ByteRange): string {
  checkRange({ start, ...(end !== undefined && { end }) });
  return `bytes=${start}-${end ?? ''}`;
}

/** @throws StorageError unless both ends are integers in order */
export function checkRange({ start, end }: ByteRange): void {
  const whole = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (!whole(start) || (end !== undefined && (!whole(end) || end < start)))
    throw new StorageError('out_of_range', 'A range needs an integer start and an end that is not before it.');
}

/** The total size in `Content-Range: bytes 0-9/100`; undefined if it cannot be parsed. */
export function wholeSize(contentRange: string | undefined): number | undefined {
  const size = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? '')?.[1];
  return size === undefined ? undefined : Number(size);
}

export const mismatch = (what: string): StorageError =>
  new StorageError('mismatch', `Nothing was stored: the content has ${what}.`);

const brokenOff = (why: string, cause?: unknown): StorageError =>
  new StorageError('unavailable', `The store broke off in the middle of a file: ${why}.`, { cause });

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
