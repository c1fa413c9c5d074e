// The parts of interactive messages: headers, the text, the footer and the name of an action.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { file, filename, literal, named, oneName, text, visibleText } from './fields.ts';

/** A header that is a text. */
export const textHeader = requestObject({ type: literal('text', 'The kind of the header.'), text: text('The text.') });
/** The headers that have a file. */
export const headers = {
  image: requestObject({
    type: literal('image', 'The kind of the header.'),
    image: requestObject(file).refine(named, oneName).meta({ description: 'The picture.' }),
  }),
  video: requestObject({
    type: literal('video', 'The kind of the header.'),
    video: requestObject(file).refine(named, oneName).meta({ description: 'The video.' }),
  }),
  document: requestObject({
    type: literal('document', 'The kind of the header.'),
    document: requestObject({ ...file, filename: filename.optional() })
      .refine(named, oneName)
      .meta({ description: 'The document.' }),
  }),
};
/** A header of any kind. */
export const anyHeader = z
  .discriminatedUnion('type', [textHeader, headers.image, headers.video, headers.document], {
    error: issue => (issue.code === 'invalid_union' ? 'Must be one of text, image, video, document.' : undefined),
  })
  .optional()
  .meta({ description: 'The header: a text, a picture, a video or a document.' });

/** The text of a message. */
export const body = requestObject({ text: visibleText('The text.') }).meta({ description: 'The text of the message.' });
/** The small text below. */
export const footer = requestObject({ text: text('The text.') })
  .optional()
  .meta({ description: 'The small text below.' });
export const actionName = <Name extends string>(name: Name) => literal(name, 'The name of the action.');
