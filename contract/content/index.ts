// The content of messages: one union for both directions, with the field names of Meta's Cloud API.
// Lengths and counts are limits of the channel (`capabilities.content`), so they are not here.
import type { z } from 'zod';
import { requestObject } from '../common.ts';
import { idExamples, idSchema } from '../ids.ts';
import { contacts } from './contacts.ts';
import type { ContentType, SentContentType } from './content-type.ts';
import { audio, document, image, sticker, video } from './files.ts';
import { interactive } from './interactive.ts';
import { location } from './location.ts';
import { reaction, type StoredReaction } from './reaction.ts';
import { button, call, order, system, unsupported } from './received.ts';
import { type StoredTemplate, template } from './template.ts';
import { text } from './text.ts';

/** The types that can be sent. */
export const sentContents = {
  text,
  image,
  video,
  audio,
  document,
  sticker,
  location,
  contacts,
  reaction,
  interactive,
  template,
} as const satisfies Record<string, SentContentType>;
type SentContents = typeof sentContents;
export type MessageType = keyof SentContents;
export const messageTypes = Object.keys(sentContents) as [MessageType, ...MessageType[]];

/** Every type of content, with those that are only received. */
export const contentTypes = {
  ...sentContents,
  button,
  order,
  call,
  system,
  unsupported,
} as const satisfies Record<string, ContentType>;
type ContentTypes = typeof contentTypes;
export type AnyMessageType = keyof ContentTypes;
export const allMessageTypes = Object.keys(contentTypes) as [AnyMessageType, ...AnyMessageType[]];

/** The content type of this name; undefined if there is none. */
export const contentTypeNamed = (name: string): ContentType | undefined =>
  Object.hasOwn(contentTypes, name) ? contentTypes[name as AnyMessageType] : undefined;

type TypesWithFile<Place extends ContentType['file']> = {
  [Type in MessageType]: SentContents[Type]['file'] extends Place ? Type : never;
}[MessageType];
/** The types whose content is a file. */
export type FileType = TypesWithFile<'itself'>;
/** The types that may have files inside. */
export type FileHolderType = TypesWithFile<'inside'>;

/** The types whose stored content differs from that of the request. */
interface StoredContents {
  contacts: z.output<SentContents['contacts']['schema'] | SentContents['contacts']['shown']>;
  reaction: StoredReaction;
  interactive: z.output<SentContents['interactive']['schema'] | SentContents['interactive']['shown']>;
  template: StoredTemplate;
}

type StoredContent<Type extends AnyMessageType> = Type extends keyof StoredContents
  ? StoredContents[Type]
  : Type extends MessageType
    ? z.output<SentContents[Type]['schema']>
    : z.output<ContentTypes[Type]['shown']>;

/** The stored content of a message of this type; the union of all without one. */
export type MessageContent<Type extends AnyMessageType = AnyMessageType> = {
  [Each in AnyMessageType]: StoredContent<Each>;
}[Type];

/** A content with its type, for code that treats each type in its own way. */
export type TypedContent = {
  [Type in AnyMessageType]: { type: Type; content: MessageContent<Type> };
}[AnyMessageType];

type ShownContents = {
  [Type in AnyMessageType]: z.ZodOptional<ContentTypes[Type]['shown']>;
};
/** The fields of an answer: for each type its content, of which the answer has one. */
export const shownContents = Object.fromEntries(
  Object.entries(contentTypes).map(([type, { shown }]) => [
    type,
    shown.optional().meta({ description: `The content of a message of type ${type}.` }),
  ]),
) as ShownContents;

/** The message that a new one quotes. */
export const quotedMessage = requestObject({
  message_id: idSchema('message').meta({ description: 'A message of the same conversation that the channel knows.' }),
}).meta({
  description: 'The message that this one quotes.',
  example: { message_id: idExamples.message },
});
