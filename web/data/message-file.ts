// The file that a message carries.
import type { Message } from '@recado/client';
import type { FileType } from '@recado/contract';

type Carried = NonNullable<Message['image']>;
export type File = NonNullable<Carried['media']>;

const noCaption = () => undefined;
const captions: Record<FileType, (message: Message) => string | undefined> = {
  image: ({ image }) => image?.caption,
  video: ({ video }) => video?.caption,
  audio: noCaption,
  document: ({ document }) => document?.caption,
  sticker: noCaption,
};

const isFileType = (type: Message['type']): type is FileType => Object.hasOwn(captions, type);

/** The file of a message of such a type; undefined while nothing is known of it. */
export const fileOf = (message: Message): File | undefined =>
  isFileType(message.type) ? (message[message.type]?.media ?? undefined) : undefined;

export function captionOf(message: Message): string | undefined {
  return isFileType(message.type) ? captions[message.type](message) || undefined : undefined;
}
