// What has passed through is given back soon: V8 itself waits for 32 MB of buffers before it looks for those that are over.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyBytes = 8 * 1024 * 1024;

let passed = 0;
let collect: ((options: { type: 'minor' }) => void) | undefined;

/**
 * Says that so many bytes went through buffers that nobody needs any more. Every few megabytes, of all streams together,
 * the young ones are looked through, which takes a millisecond or two, so that a large file takes the room of a small one.
 */
export function bytesPassed(count: number): void {
  passed += count;
  if (passed < everyBytes) return;
  passed = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** V8 gives its collector to contexts that are made while the flag is set, and to no other. */
function collector(): (options: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return gc;
}
