// Nudges V8 to collect short-lived buffers; by itself it waits for 32 MB.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyBytes = 8 * 1024 * 1024;

let passed = 0;
let collect: ((options: { type: 'minor' }) => void) | undefined;

/**
 * Reports that buffers with `count` bytes are no longer needed. Every few megabytes, over all streams, it runs a
 * minor collection of a millisecond or two, so that a large file needs no more memory than a small one.
 */
export function bytesPassed(count: number): void {
  passed += count;
  if (passed < everyBytes) return;
  passed = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** V8 exposes its collector only in contexts that are created while the flag is set. */
function collector(): (options: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return gc;
}
