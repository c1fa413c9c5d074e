// The types whose content is a file: image, video, audio, document and sticker.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { idSchema } from '../ids.ts';
import { shownFileSchema } from '../media.ts';
import { type SentContentType, shownText } from './content-type.ts';
import { file, filename, named, oneName, text } from './fields.ts';

const caption = text('The text below the file.').optional();

const shownFile = {
  id: idSchema('media').nullable().meta({ description: 'The id of the file in Recado. Null if there is none.' }),
  link: z
    .string()
    .nullable()
    .meta({ description: 'The link from which WhatsApp downloads the file. Null for a file in Recado.' }),
  media: shownFileSchema.nullable().meta({
    description: 'The file in Recado. Null for a link, for a deleted file, and in the answer to a send.',
  }),
};
const shownCaption = shownText('The text below the file.');
const shownPicture = z.looseObject({ ...shownFile, caption: shownCaption });

const carrier = { file: 'itself', canBeUnread: true, quotes: true } as const;

export const image = {
  ...carrier,
  schema: requestObject({ ...file, caption })
    .refine(named, oneName)
    .meta({ id: 'ImageContent' }),
  shown: shownPicture,
  gist: ['caption'],
} as const satisfies SentContentType;

export const video = {
  ...carrier,
  schema: requestObject({ ...file, caption })
    .refine(named, oneName)
    .meta({ id: 'VideoContent' }),
  shown: shownPicture,
  gist: ['caption'],
} as const satisfies SentContentType;

export const audio = {
  ...carrier,
  schema: requestObject({
    ...file,
    voice: z.boolean().optional().meta({
      description: 'True for a voice note. Recado converts its own files to ogg/opus; a link must lead to one.',
    }),
  })
    .refine(named, oneName)
    .meta({ id: 'AudioContent' }),
  shown: z.looseObject({
    ...shownFile,
    voice: z.boolean().optional().meta({ description: 'True for a voice note.' }),
  }),
  gist: [],
} as const satisfies SentContentType;

export const document = {
  ...carrier,
  schema: requestObject({ ...file, caption, filename: filename.optional() })
    .refine(named, oneName)
    .meta({ id: 'DocumentContent' }),
  shown: z.looseObject({
    ...shownFile,
    caption: shownCaption,
    filename: shownText('The file name that the recipient sees.'),
  }),
  gist: ['caption', 'filename'],
} as const satisfies SentContentType;

export const sticker = {
  ...carrier,
  schema: requestObject(file).refine(named, oneName).meta({ id: 'StickerContent' }),
  shown: z.looseObject(shownFile),
  gist: [],
} as const satisfies SentContentType;
