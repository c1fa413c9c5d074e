// Media: files that are uploaded to be sent, and files that came with messages.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
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
    direction: z.enum(mediaDirections),
    status: z.enum(mediaStatuses).meta({
      description: 'pending: it is being fetched. stored: it is here. failed, expired: it did not come, see `error`.',
    }),
    kind: z.enum(mediaKinds),
    mime_type: z.string().nullable().meta({ description: 'As its bytes say.', example: 'image/jpeg' }),
    size: z.number().int().nullable(),
    sha256: z.string().nullable(),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    has_thumbnail: z.boolean(),
    file_name: z.string().nullable().meta({ description: 'What its sender called it, made harmless.' }),
    declared_type: z.string().nullable().meta({ description: 'What its sender said that it is.' }),
    account_id: idSchema('account').nullable(),
    message_id: idSchema('message').nullable().meta({ description: 'The message that it came with.' }),
    error: z.strictObject({ code: z.string(), title: z.string() }).nullable(),
    created_at: timeSchema,
    stored_at: timeSchema.nullable(),
  })
  .meta({ id: 'Media' });

export type Media = z.infer<typeof mediaSchema>;

export const mediaFromLinkBody = z
  .strictObject({
    link: z.string().min(1).max(2048).meta({ description: 'An https link to the file.' }),
    file_name: textSchema(255).optional(),
    kind: kind.optional().meta({ description: 'As what it is to be sent; by its type if not given.' }),
  })
  .meta({ example: { link: 'https://example.com/menu.pdf', file_name: 'menu.pdf' } });

/** The form of an upload. It is read as a stream, so this is for the documents only. */
export const uploadMediaBody = z.any().meta({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'The file; one.' },
    file_name: { type: 'string', maxLength: 255 },
    kind: { enum: [...mediaKinds], description: 'As what it is to be sent; by its type if not given.' },
  },
});

/** The fields beside the file. */
export const uploadFields = z.strictObject({ file_name: textSchema(255).optional(), kind: kind.optional() });

export const listMediaQuery = z.strictObject({
  ...pageQuery,
  kind: kind.optional(),
  status: z.enum(mediaStatuses, { error: `Must be one of ${mediaStatuses.join(', ')}.` }).optional(),
  direction: z.enum(mediaDirections, { error: `Must be one of ${mediaDirections.join(', ')}.` }).optional(),
});

export type ListMediaQuery = z.output<typeof listMediaQuery>;

export const mediaPage = pageSchema(mediaSchema).meta({ id: 'MediaPage' });

export const mediaContentQuery = z.strictObject({
  redirect: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ description: 'Whether to be sent to the store, where it gives links of its own.' }),
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
  .strictObject({ url: z.url(), expires_at: timeSchema })
  .meta({ id: 'MediaLink', description: 'Anybody who has the link gets the file until then.' });

export const mediaCapabilitiesSchema = z
  .strictObject({
    max_file_bytes: z.number().int(),
    quota_bytes: z.number().int().nullable(),
    used_bytes: z.number().int(),
    thumbnails: z.boolean(),
    voice_notes: z.boolean().meta({ description: 'Whether audio is made to voice notes: ffmpeg was found.' }),
    kinds: z.array(
      z.strictObject({
        kind: z.enum(mediaKinds),
        max_bytes: z.number().int(),
        types: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'MediaCapabilities' });
