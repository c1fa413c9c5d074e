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

/** The typed id of a UUID: `toId('message', uuid)` gives `msg_…`. */
export function toId(kind: IdKind, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let place = 0; place < 26; place++) {
    text = alphabet[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return `${idPrefixes[kind]}_${text}`;
}

/** The UUID inside a typed id whose form a schema has checked. */
export function toUuid(id: string): string {
  let value = 0n;
  for (const character of id.slice(id.indexOf('_') + 1)) value = (value << 5n) | BigInt(alphabet.indexOf(character));
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
