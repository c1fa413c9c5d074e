// Messages as plain objects: bytes in base64, long numbers as text, without the parts that only take space.
import { proto } from 'baileys';

/** Pictures inside messages, checksums for players, and a secret that nobody behind us needs. */
const dropped = new Set(['jpegThumbnail', 'JPEGThumbnail', 'streamingSidecar', 'scansSidecar', 'messageSecret']);

const strip = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (dropped.has(name)) Reflect.deleteProperty(value, name);
    else strip(inner);
  }
};

/** The message as a plain object. */
export const toPlain = (message: proto.IMessage): Record<string, unknown> => {
  const plain = proto.Message.toObject(proto.Message.fromObject(message), { bytes: String, longs: String });
  strip(plain);
  return plain;
};
