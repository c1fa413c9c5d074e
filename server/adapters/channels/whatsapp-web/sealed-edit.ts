// Opens an edit that is sealed with the secret of the message that it changes, as WhatsApp's apps send it.
import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { SealedEdit } from '../../../ports/channel.ts';
import type { Json } from './values.ts';

interface Sealed {
  /** The message that it changes. */
  id: string;
  payload: Buffer;
  iv: Buffer;
  /** The addresses of who changed it: only they may, so they wrote the message too. */
  writers: readonly string[];
}

const tagBytes = 16;

/** The plaintext. Undefined unless the secret and the addresses are the right ones. */
function decrypted({ payload, iv }: Sealed, key: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAuthTag(payload.subarray(-tagBytes));
    return Buffer.concat([decipher.update(payload.subarray(0, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Returns what opens an edit: the changed message as a session would deliver it. */
export const openerOf =
  (sealed: Sealed, read: (message: Json) => SealedEdit | undefined) =>
  (secret: Buffer): SealedEdit | undefined => {
    if (sealed.payload.length <= tagBytes) return undefined;
    // The seal is bound to the addresses that the app used, by number or by LID.
    for (const author of sealed.writers)
      for (const editor of sealed.writers) {
        const info = `${sealed.id}${author}${editor}Message Edit`;
        const plaintext = decrypted(sealed, Buffer.from(hkdfSync('sha256', secret, '', info, 32)));
        const message = plaintext && editedIn(plaintext);
        if (message) return read(message);
      }
    return undefined;
  };

// The protobuf of the plaintext ------------------------------------------------

/** Where the texts of a message are in WhatsApp's protobuf: only texts and captions can be edited. */
const texts: readonly (readonly [path: readonly number[], message: (text: string) => Json])[] = [
  [[1], text => ({ conversation: text })],
  [[6, 1], text => ({ conversation: text })],
  [[3, 3], caption => ({ imageMessage: { caption } })],
  [[9, 7], caption => ({ videoMessage: { caption } })],
  [[7, 20], caption => ({ documentMessage: { caption } })],
  [[53, 1, 7, 20], caption => ({ documentMessage: { caption } })],
];
/** A message, its protocol message, and the edited message in that; or the wrapper that older apps put around. */
const edits: readonly (readonly number[])[] = [
  [12, 14],
  [58, 1, 12, 14],
];

function editedIn(plaintext: Buffer): Json | undefined {
  for (const edit of edits)
    for (const [path, message] of texts) {
      const text = fieldAt(plaintext, [...edit, ...path]);
      if (text) return message(text.toString('utf8').toWellFormed());
    }
  return undefined;
}

function fieldAt(bytes: Buffer, path: readonly number[]): Buffer | undefined {
  let inner: Buffer | undefined = bytes;
  for (const field of path) inner = inner && bytesOf(inner, field);
  return inner;
}

/** The last value of a field that has a length. Undefined if there is none, or the bytes are no protobuf. */
function bytesOf(bytes: Buffer, wanted: number): Buffer | undefined {
  let found: Buffer | undefined;
  let at = 0;
  /** Reads a number of variable length; -1 where there is none. */
  const number = (): number => {
    for (let value = 0, factor = 1; at < bytes.length && factor < 2 ** 70; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return -1;
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag < 0) return undefined;
    const type = tag % 8;
    if (type === 0) number();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = number();
      if (length < 0 || at + length > bytes.length) return undefined;
      if (Math.floor(tag / 8) === wanted) found = bytes.subarray(at, at + length);
      at += length;
    } else return undefined;
  }
  return found;
}
