// Contents for store tests: seeded, in chunks of uneven sizes, interrupted on request.
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { storageKey } from '../../server/ports/storage.ts';

export const MiB = 1024 * 1024;
const workspace = '0192f3a0-0000-7000-8000-000000000001';

/** Bytes that look random, and are always the same for a size. */
export function contentOf(size: number): Buffer {
  const data = Buffer.allocUnsafe(size);
  let state = (size * 2_654_435_761 + 1) >>> 0;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = state >>> 24;
  }
  return data;
}

export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
export const keyOf = (data: Buffer, workspaceId = workspace): string => storageKey(workspaceId, sha256(data));
export const newWorkspace = (): string => randomUUID();

/** A stream of it, in chunks that align with no boundary. */
export function streamOf(data: Buffer): Readable {
  return Readable.from(chunksOf(data), { objectMode: false });
}

/** A stream that yields `after` bytes and then runs `then`: it throws, or stalls. */
export function brokenStream(data: Buffer, after: number, then: () => Promise<void>): Readable {
  async function* broken() {
    yield* chunksOf(data.subarray(0, after));
    await then();
  }
  return Readable.from(broken(), { objectMode: false });
}

function* chunksOf(data: Buffer): Generator<Buffer> {
  const sizes = [1, 65_536, 7, 40_000, 250_001];
  for (let at = 0, turn = 0; at < data.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield data.subarray(at, at + size);
    at += size;
  }
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
