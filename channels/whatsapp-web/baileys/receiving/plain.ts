// Messages as plain objects: bytes in base64, long numbers as text, without the parts that only take space.
import { proto } from 'baileys';

/** Pictures inside messages, checksums for players, and a secret that items have apart. */
const dropped = new Set(['jpegThumbnail', 'JPEGThumbnail', 'streamingSidecar', 'scansSidecar', 'messageSecret']);

const strip = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (dropped.has(name)) Reflect.deleteProperty(value, name);
    else strip(inner);
  }
};

/** The secret of a message in base64: what is sealed later about it, such as an edit, is opened with it. */
export const secretOf = (message: proto.IMessage, beside?: Uint8Array | null): string | undefined => {
  const secret = message.messageContextInfo?.messageSecret ?? beside;
  return secret && secret.length > 0 ? Buffer.from(secret).toString('base64') : undefined;
};

/** The message as a plain object. */
export const toPlain = (message: proto.IMessage): Record<string, unknown> => {
  const plain = proto.Message.toObject(proto.Message.fromObject(message), { bytes: String, longs: String });
  strip(plain);
  return plain;
};
