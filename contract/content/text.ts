// A text.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import type { SentContentType } from './content-type.ts';
import { visibleText } from './fields.ts';

export const text = {
  schema: requestObject({
    body: visibleText('The text of the message.'),
    preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link in the text.' }),
  }).meta({ id: 'TextContent' }),
  shown: z.looseObject({
    body: z.string().meta({ description: 'The text of the message.' }),
    preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link.' }),
  }),
  file: null,
  gist: ['body'],
  canBeUnread: true,
  quotes: true,
} as const satisfies SentContentType;
