// The content of messages: one union for both directions, with the field names of Meta's Cloud API.
// Lengths and counts are limits of the channel (`capabilities.content`), so they are not here.
import { z } from 'zod';
import { requestObject, timeSchema } from './common.ts';
import { file, filename, named, oneName, text, visibleText } from './content-fields.ts';
import { idExamples, idSchema } from './ids.ts';
import { interactiveContent } from './interactive-content.ts';
import { mediaStatuses } from './media.ts';
import { shownTemplate, templateContent } from './template-content.ts';

/** The types that can be sent. */
export const messageTypes = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'interactive',
  'template',
] as const;
export type MessageType = (typeof messageTypes)[number];

/**
 * The types that are only received.
 * - button: the person pressed a quick reply of a template
 * - order: the person ordered from a catalog
 * - call: a notice of a call
 * - system: a notice from WhatsApp about the person
 * - unsupported: the channel could not forward the content
 */
export const receivedTypes = ['button', 'order', 'call', 'system', 'unsupported'] as const;
export type ReceivedType = (typeof receivedTypes)[number];

/** Every type of a message. */
export const allMessageTypes = [...messageTypes, ...receivedTypes] as const;
export type AnyMessageType = (typeof allMessageTypes)[number];

/** A content, as the name of its type says: `contacts` is an array, each other type an object. */
export type MessageContent = Record<string, unknown> | readonly unknown[];

// Files -----------------------------------------------------------------------

const caption = text('The text below the file.');

// Location and contacts ---------------------------------------------------------

const degrees = (most: number, description: string, example: number) =>
  z
    .number({ error: `Must be a number from -${most} to ${most}.` })
    .min(-most, { error: `Must be at least -${most}.` })
    .max(most, { error: `Must be at most ${most}.` })
    .meta({ description, example });

const kind = text('The kind, such as HOME or WORK.').optional();

const contactCard = requestObject({
  name: requestObject({
    formatted_name: text('The whole name, as the recipient sees it.', 'Ana Silva'),
    first_name: text('The first name.').optional(),
    last_name: text('The last name.').optional(),
    middle_name: text('The middle name.').optional(),
    prefix: text('The words before the name.').optional(),
    suffix: text('The words behind the name.').optional(),
  }).meta({ description: 'The name of the contact.' }),
  phones: z
    .array(
      requestObject({
        phone: text('The number.', '+12025550123').optional(),
        type: kind,
        wa_id: text(
          'The WhatsApp id: the digits of the number. With it, the card has a button to write to it.',
        ).optional(),
      }),
    )
    .optional()
    .meta({ description: 'The phone numbers.' }),
  emails: z
    .array(requestObject({ email: text('The address.').optional(), type: kind }))
    .optional()
    .meta({ description: 'The email addresses.' }),
  addresses: z
    .array(
      requestObject({
        street: text('Street and number.').optional(),
        city: text('The city.').optional(),
        state: text('The state.').optional(),
        zip: text('The postal code.').optional(),
        country: text('The country.').optional(),
        country_code: text('The country code of two letters.').optional(),
        type: kind,
      }),
    )
    .optional()
    .meta({ description: 'The postal addresses.' }),
  org: requestObject({
    company: text('The company.').optional(),
    department: text('The department.').optional(),
    title: text('The position of the person.').optional(),
  })
    .optional()
    .meta({ description: 'The organization.' }),
  urls: z
    .array(requestObject({ url: text('The address of the page.').optional(), type: kind }))
    .optional()
    .meta({ description: 'The web pages.' }),
  birthday: z.iso
    .date({ error: 'Must be a date like 1990-12-31.' })
    .optional()
    .meta({ description: 'The date of birth.' }),
}).meta({ id: 'ContactCard', description: 'A contact card.' });

/** One emoji, of which newer ones than this program knows. */
const isEmoji = (value: string) =>
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(value) &&
  [...new Intl.Segmenter().segment(value)].length === 1;

/** The content of each type that can be sent. */
export const contentSchemas = {
  text: requestObject({
    body: visibleText('The text of the message.'),
    preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link in the text.' }),
  }).meta({ id: 'TextContent' }),
  image: requestObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'ImageContent' }),
  video: requestObject({ ...file, caption: caption.optional() })
    .refine(named, oneName)
    .meta({ id: 'VideoContent' }),
  audio: requestObject({
    ...file,
    voice: z.boolean().optional().meta({
      description: 'True for a voice note. Recado converts its own files to ogg/opus; a link must lead to one.',
    }),
  })
    .refine(named, oneName)
    .meta({ id: 'AudioContent' }),
  document: requestObject({ ...file, caption: caption.optional(), filename: filename.optional() })
    .refine(named, oneName)
    .meta({ id: 'DocumentContent' }),
  sticker: requestObject(file).refine(named, oneName).meta({ id: 'StickerContent' }),
  location: requestObject({
    latitude: degrees(90, 'The latitude in degrees.', 38.7223),
    longitude: degrees(180, 'The longitude in degrees.', -9.1393),
    name: text('The name of the place.').optional(),
    address: text('The address of the place.').optional(),
  }).meta({ id: 'LocationContent' }),
  contacts: z
    .array(contactCard)
    .min(1, { error: 'Must have at least one contact.' })
    .meta({ description: 'The contact cards.' }),
  reaction: requestObject({
    message_id: idSchema('message').meta({ description: 'The message to react to.' }),
    emoji: z
      .string()
      .refine(value => value === '' || isEmoji(value), { error: 'Must be one emoji, or null to remove the reaction.' })
      .nullable()
      .meta({ description: 'The emoji. Null or an empty text removes the reaction.', example: '👍' }),
  }).meta({ id: 'ReactionContent' }),
  interactive: interactiveContent,
  template: templateContent,
} as const;

// Answers -------------------------------------------------------------------------

const content = <Content extends z.ZodType>(type: string, schema: Content) =>
  schema.optional().meta({ description: `The content of a message of type ${type}.` });
const asTheChannelSays = z.record(z.string(), z.unknown());
const shown = (description: string) => z.string().optional().meta({ description });

const shownFile = {
  id: idSchema('media').nullable().meta({ description: 'The id of the file in Recado. Null if there is none.' }),
  link: z
    .string()
    .nullable()
    .meta({ description: 'The link from which WhatsApp downloads the file. Null for a file in Recado.' }),
  media: z
    .strictObject({
      id: idSchema('media'),
      status: z.enum(mediaStatuses).meta({ description: 'The status of the file.' }),
      mime_type: z.string().nullable().meta({ description: 'The media type, detected from the content.' }),
      size: z.number().int().nullable().meta({ description: 'The size in bytes. Null until the file is stored.' }),
      filename: z.string().nullable().meta({ description: 'The file name that the sender gave, made safe.' }),
      width: z.number().int().nullable().meta({ description: 'The width of an image in pixels.' }),
      height: z.number().int().nullable().meta({ description: 'The height of an image in pixels.' }),
      has_thumbnail: z.boolean().meta({ description: 'True if there is a thumbnail.' }),
      error: z
        .strictObject({
          code: z.string().meta({ description: 'Machine-readable code.' }),
          title: z.string().meta({ description: 'The error as text.' }),
        })
        .nullable()
        .meta({ description: 'Why the download failed. Null if it did not.' }),
    })
    .nullable()
    .meta({
      description: 'The file in Recado. Null for a link, for a deleted file, and in the answer to a send.',
    }),
};
const shownCaption = shown('The text below the file.');
const shownPicture = z.looseObject({ ...shownFile, caption: shownCaption });
const shownReply = (description: string) =>
  z
    .looseObject({ id: shown('Your id of it.'), title: shown('Its text.') })
    .optional()
    .meta({ description });

/** The content in answers: the fields of the request for outbound, the fields of the channel for inbound. */
export const shownContents = {
  text: content(
    'text',
    z.looseObject({
      body: z.string().meta({ description: 'The text of the message.' }),
      preview_url: z.boolean().optional().meta({ description: 'True to show a preview of the first link.' }),
    }),
  ),
  image: content('image', shownPicture),
  video: content('video', shownPicture),
  audio: content(
    'audio',
    z.looseObject({ ...shownFile, voice: z.boolean().optional().meta({ description: 'True for a voice note.' }) }),
  ),
  document: content(
    'document',
    z.looseObject({
      ...shownFile,
      caption: shownCaption,
      filename: shown('The file name that the recipient sees.'),
    }),
  ),
  sticker: content('sticker', z.looseObject(shownFile)),
  location: content(
    'location',
    z.looseObject({
      latitude: z.number().optional().meta({ description: 'The latitude in degrees.' }),
      longitude: z.number().optional().meta({ description: 'The longitude in degrees.' }),
      name: shown('The name of the place.'),
      address: shown('The address of the place.'),
    }),
  ),
  contacts: content('contacts', z.array(asTheChannelSays)),
  reaction: content(
    'reaction',
    z.looseObject({
      message_id: idSchema('message').nullable().meta({ description: 'The message reacted to. Null if unknown.' }),
      channel_message_id: z.string().nullable().meta({ description: 'The id of that message at the channel.' }),
      emoji: z.string().nullable().meta({ description: 'The emoji. Null if the reaction was removed.' }),
    }),
  ),
  interactive: content(
    'interactive',
    z.looseObject({
      type: z.string().meta({
        description:
          'For outbound the kind of the message. For inbound the kind of the answer: button_reply, list_reply, nfm_reply.',
      }),
      button_reply: shownReply('For inbound: the button that the person pressed.'),
      list_reply: shownReply('For inbound: the row that the person chose.'),
      nfm_reply: asTheChannelSays.optional().meta({ description: 'For inbound: the answers in a flow.' }),
    }),
  ),
  template: content('template', shownTemplate),
  button: content(
    'button',
    z.looseObject({
      text: shown('The text on the quick reply that the person pressed.'),
      payload: shown('The payload of the quick reply.'),
    }),
  ),
  order: content('order', asTheChannelSays),
  call: content('call', asTheChannelSays),
  system: content('system', asTheChannelSays),
  unsupported: content('unsupported', asTheChannelSays),
};

/** The reactions to a message, at most one of each side. */
export const reactionsSchema = z
  .array(
    z.strictObject({
      from: z.enum(['contact', 'account']).meta({ description: 'Who reacted.' }),
      emoji: z.string().meta({ description: 'The emoji.' }),
      at: timeSchema.meta({ description: 'The time of the reaction, by the channel’s clock.' }),
    }),
  )
  .meta({ description: 'The reactions to the message. Empty if there is none.' });

/** The message that a new one quotes. */
export const quotedMessage = requestObject({
  message_id: idSchema('message').meta({ description: 'A message of the same conversation that the channel knows.' }),
}).meta({
  description: 'The message that this one quotes.',
  example: { message_id: idExamples.message },
});
