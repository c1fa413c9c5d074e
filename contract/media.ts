// Media: files that are uploaded to be sent, and files that came with messages.
import { z } from 'zod';
import { pageQuery, pageSchema, shownAsBoolean, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type MediaKind = (typeof mediaKinds)[number];

const mediaStatuses = ['pending', 'stored', 'failed', 'expired'] as const;
export type MediaStatus = (typeof mediaStatuses)[number];

const mediaDirections = ['uploaded', 'received'] as const;
export type MediaDirection = (typeof mediaDirections)[number];

const kind = z.enum(mediaKinds, { error: `Must be one of ${mediaKinds.join(', ')}.` });

export const mediaSchema = z
  .strictObject({
    id: idSchema('media'),
    direction: z.enum(mediaDirections).meta({ description: 'uploaded: to be sent. received: it came with a message.' }),
    status: z.enum(mediaStatuses).meta({
      description: 'pending: it is being fetched. stored: it is here. failed, expired: it did not come, see `error`.',
    }),
    kind: z.enum(mediaKinds).meta({ description: 'As what it is sent, or came.' }),
    mime_type: z.string().nullable().meta({ description: 'As its bytes say.', example: 'image/jpeg' }),
    size: z.number().int().nullable().meta({ description: 'Bytes; null until it is here.' }),
    sha256: z.string().nullable().meta({ description: 'Of its bytes, in hexadecimal; null until it is here.' }),
    width: z.number().int().nullable().meta({ description: 'Pixels, of a picture.' }),
    height: z.number().int().nullable().meta({ description: 'Pixels, of a picture.' }),
    has_thumbnail: z.boolean().meta({ description: 'Whether there is a small picture of it.' }),
    file_name: z.string().nullable().meta({ description: 'What its sender called it, made harmless.' }),
    declared_type: z.string().nullable().meta({ description: 'What its sender said that it is.' }),
    account_id: idSchema('account').nullable(),
    message_id: idSchema('message').nullable().meta({ description: 'The message that it came with.' }),
    error: z
      .strictObject({
        code: z.string().meta({ description: 'What programs go by.' }),
        title: z.string().meta({ description: 'The same for people.' }),
      })
      .nullable()
      .meta({ description: 'Why it did not come, where it did not.' }),
    created_at: timeSchema.meta({ description: 'When it was uploaded, or its message came.' }),
    stored_at: timeSchema.nullable().meta({ description: 'When its bytes were here; null until then.' }),
  })
  .meta({ id: 'Media' });

export type Media = z.infer<typeof mediaSchema>;

export const mediaFromLinkBody = z
  .strictObject({
    link: textSchema(2048).meta({ description: 'An https link to the file.' }),
    file_name: textSchema(255).optional().meta({ description: 'What it is to be called; by its link if not given.' }),
    kind: kind.optional().meta({ description: 'As what it is to be sent; by its type if not given.' }),
  })
  .meta({ example: { link: 'https://example.com/menu.pdf', file_name: 'menu.pdf' } });

/** The form of an upload. It is read as a stream, so this is for the documents only. */
export const uploadMediaBody = z.any().meta({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'The file; one.' },
    file_name: { type: 'string', maxLength: 255, description: 'What it is to be called; its own name if not given.' },
    kind: { enum: [...mediaKinds], description: 'As what it is to be sent; by its type if not given.' },
  },
});

/** The fields beside the file. */
export const uploadFields = z.strictObject({ file_name: textSchema(255).optional(), kind: kind.optional() });

export const listMediaQuery = z.strictObject({
  ...pageQuery,
  kind: kind.optional().meta({ description: 'Only those of this kind.' }),
  status: z
    .enum(mediaStatuses, { error: `Must be one of ${mediaStatuses.join(', ')}.` })
    .optional()
    .meta({ description: 'Only those in this state.' }),
  direction: z
    .enum(mediaDirections, { error: `Must be one of ${mediaDirections.join(', ')}.` })
    .optional()
    .meta({ description: 'Only what was uploaded, or only what was received.' }),
});

export type ListMediaQuery = z.output<typeof listMediaQuery>;

export const mediaPage = pageSchema(mediaSchema).meta({ id: 'MediaPage' });

export const mediaContentQuery = z.strictObject({
  redirect: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'Whether to be sent to the store, where it gives links of its own.' }),
});

export const mediaLinkBody = z
  .strictObject({
    seconds: z
      .number()
      .int()
      .min(10, { error: 'Must be at least 10.' })
      .max(86_400, { error: 'Must be at most 86400, a day.' })
      .optional()
      .meta({ description: 'How long the link is good; 300 if not given.' }),
  })
  .meta({ example: { seconds: 600 } });

export const mediaLinkSchema = z
  .strictObject({
    url: z.url().meta({ description: 'Where the file is.' }),
    expires_at: timeSchema.meta({ description: 'Until when it works.' }),
  })
  .meta({ id: 'MediaLink', description: 'Anybody who has the link gets the file until then.' });

export const mediaCapabilitiesSchema = z
  .strictObject({
    max_file_bytes: z.number().int().meta({ description: 'The largest file that is taken, in bytes.' }),
    quota_bytes: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'How many bytes of files the workspace may have; null for no limit.' }),
    used_bytes: z.number().int().meta({ description: 'How many it has.' }),
    thumbnails: z.boolean().meta({ description: 'Whether small pictures are made.' }),
    voice_notes: z.boolean().meta({ description: 'Whether audio is made to voice notes: ffmpeg was found.' }),
    kinds: z
      .array(
        z.strictObject({
          kind: z.enum(mediaKinds).meta({ description: 'As what a file is sent.' }),
          max_bytes: z.number().int().meta({ description: 'The largest that is taken, in bytes.' }),
          types: z.array(z.string()).meta({ description: 'The media types that are taken.' }),
        }),
      )
      .meta({ description: 'What each kind may be.' }),
  })
  .meta({ id: 'MediaCapabilities' });
