// The end of a backup: a checksum of every byte before it.
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * A gzip member of its own with the checksum. It is built by hand, identical everywhere, so that the reader can
 * compare all of it: gzip itself would not notice every flipped bit.
 */
export function checksumMember(hash: Hash): Buffer {
  const text = Buffer.from(`${JSON.stringify({ end: true, sha256: hash.digest('hex') })}\n`);
  const checksum = Buffer.alloc(10 + 5 + text.length + 8);
  Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1]).copy(checksum);
  checksum.writeUInt16LE(text.length, 11);
  checksum.writeUInt16LE(~text.length & 0xffff, 13);
  text.copy(checksum, 15);
  checksum.writeUInt32LE(crc32(text), 15 + text.length);
  checksum.writeUInt32LE(text.length, 19 + text.length);
  return checksum;
}

export const checksumSize = checksumMember(createHash('sha256')).length;
