// Finds out how the characters of a text file are written, and decodes it piece by piece.

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Decodes pieces of a file. @throws TypeError for bytes that are not of the encoding */
export interface PieceDecoder {
  push(bytes: Buffer): string;
  end(): string;
}

/** Windows-1252 from 0x80 to 0x9F; elsewhere it is Latin-1. */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Returns a decoder of an encoding, which drops a byte order mark. */
export function pieceDecoder(encoding: TextEncoding): PieceDecoder {
  if (encoding === 'windows-1252')
    return {
      // Not TextDecoder: Node versions differ in these characters.
      push: bytes =>
        bytes.toString('latin1').replaceAll(/[\x80-\x9f]/g, one => windows[one.charCodeAt(0) - 0x80] ?? one),
      end: () => '',
    };
  const decoder = new TextDecoder(encoding, { fatal: true });
  return { push: bytes => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Watches the bytes of a file go by, and says at the end how it is written. */
export function encodingWatch(): { push(bytes: Buffer): void; end(): TextEncoding } {
  let utf8: InstanceType<typeof TextDecoder> | undefined = new TextDecoder('utf-8', { fatal: true });
  let marked: TextEncoding | undefined;
  let head = Buffer.alloc(0);
  const tried = (bytes?: Buffer) => {
    try {
      utf8?.decode(bytes, { stream: bytes !== undefined });
    } catch {
      utf8 = undefined;
    }
  };
  return {
    push(bytes) {
      if (head.length < 2) {
        head = Buffer.concat([head, bytes.subarray(0, 2)]).subarray(0, 2);
        if (head[0] === 0xff && head[1] === 0xfe) marked = 'utf-16le';
        if (head[0] === 0xfe && head[1] === 0xff) marked = 'utf-16be';
      }
      if (marked === undefined) tried(bytes);
    },
    end() {
      if (marked !== undefined) return marked;
      tried();
      return utf8 ? 'utf-8' : 'windows-1252';
    },
  };
}
