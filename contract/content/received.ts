// The types that are only received.
import { z } from 'zod';
import { asTheChannelSays, type ContentType, shownText } from './content-type.ts';

const received = { file: null, canBeUnread: true } as const;

/** The person pressed a quick reply of a template. */
export const button = {
  ...received,
  shown: z.looseObject({
    text: shownText('The text on the quick reply that the person pressed.'),
    payload: shownText('The payload of the quick reply.'),
  }),
  gist: ['text'],
} as const satisfies ContentType;

/** The person ordered from a catalog. */
export const order = {
  ...received,
  shown: asTheChannelSays,
  gist: ['text', 'title'],
} as const satisfies ContentType;

/** A notice of a call. A missed one is unread. */
export const call = { ...received, shown: asTheChannelSays, gist: [] } as const satisfies ContentType;

/** A notice from WhatsApp about the person. */
export const system = {
  shown: asTheChannelSays,
  file: null,
  gist: ['body'],
  canBeUnread: false,
} as const satisfies ContentType;

/** The channel could not forward the content. */
export const unsupported = { ...received, shown: asTheChannelSays, gist: [] } as const satisfies ContentType;
