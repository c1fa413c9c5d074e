// The file that a message carries.
import type { Message } from '@recado/client';

type Carried = NonNullable<Message['image']>;
export type File = NonNullable<Carried['media']>;

export const fileTypes = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type FileType = (typeof fileTypes)[number];

const isFileType = (type: Message['type']): type is FileType => (fileTypes as readonly string[]).includes(type);

/** The file of a message of such a type; undefined while nothing is known of it. */
export const fileOf = (message: Message): File | undefined =>
  isFileType(message.type) ? (message[message.type]?.media ?? undefined) : undefined;

export function captionOf(message: Message): string | undefined {
  if (message.type !== 'image' && message.type !== 'video' && message.type !== 'document') return undefined;
  return message[message.type]?.caption || undefined;
}
