// Ids: UUIDv7 inside, typed ids (`msg_…`, the TypeID form) outside.
import { randomFillSync } from 'node:crypto';
import { type IdKind, idPrefixes } from '@recado/contract';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pool = Buffer.alloc(10 * 256);
let used = pool.length;

function tenRandomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 10;
  return pool.subarray(used - 10, used);
}

/** A new UUIDv7: 48 bits of Unix milliseconds, then random bits (RFC 9562). */
export function newUuid(now = Date.now()): string {
  const random = tenRandomBytes().toString('hex');
  const time = now.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(random.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** The same for a message that is sent, with two bytes free for the numbers of its attempts. */
export const newMessageUuid = (now = Date.now()): string => `${newUuid(now).slice(0, 32)}0000`;

/** The id of an item of a batch, the same for each repeat: it has the batch's time, its place, and those two bytes. */
export const batchItemUuid = (batchId: string, place: number): string =>
  `${batchId.slice(0, 28)}${place.toString(16).padStart(4, '0')}0000`;

/** The token of an attempt: the id of its message, with the number of the attempt, from 1, in its last two bytes. */
export const attemptToken = (messageId: string, number: number): string =>
  `${messageId.slice(0, 32)}${number.toString(16).padStart(4, '0')}`;

/** Each ten bits as two characters. */
const pairs = Array.from({ length: 1_024 }, (_, bits) => `${alphabet[bits >> 5]}${alphabet[bits & 31]}`);
const bitsOf = new Map(pairs.map((pair, bits) => [pair, bits]));

/** The value of a hexadecimal digit by its character code. */
const digits = new Uint8Array(128);
for (let value = 0; value < 16; value++)
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()]) digits[digit.charCodeAt(0)] = value;

/** Where the 32 digits of a UUID are. */
const places = Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx').flatMap((mark, place) => (mark === 'x' ? place : []));

/** `count` bits of a UUID from its digit `begin` on, four of each digit. */
function bitsAt(uuid: string, begin: number, count: number): number {
  let bits = 0;
  for (let at = begin; at < begin + count / 4; at++)
    bits = (bits << 4) | (digits[uuid.charCodeAt(places[at] ?? 0)] ?? 0);
  return bits;
}

/** The typed id of a UUID: `toId('message', uuid)` gives `msg_…`. */
export function toId(kind: IdKind, uuid: string): string {
  // 8 and then 20 bits at a time: neither BigInts nor parts of the text, which cost more than all the rest.
  let text = `${idPrefixes[kind]}_${pairs[bitsAt(uuid, 0, 8)]}`;
  for (let begin = 2; begin < 32; begin += 5) {
    const bits = bitsAt(uuid, begin, 20);
    text += `${pairs[bits >> 10]}${pairs[bits & 1_023]}`;
  }
  return text;
}

/** The UUID inside a typed id whose form a schema has checked. */
export function toUuid(id: string): string {
  const start = id.indexOf('_') + 1;
  const bitsIn = (place: number) => bitsOf.get(id.slice(start + place, start + place + 2)) ?? 0;
  let hex = bitsIn(0).toString(16).padStart(2, '0');
  for (let place = 2; place < 26; place += 4)
    hex += ((bitsIn(place) << 10) | bitsIn(place + 2)).toString(16).padStart(5, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
