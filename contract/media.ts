// Media: uploaded files, and files that came with messages.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, shownAsBoolean, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type MediaKind = (typeof mediaKinds)[number];

export const mediaStatuses = ['pending', 'stored', 'failed', 'expired'] as const;
export type MediaStatus = (typeof mediaStatuses)[number];

const mediaDirections = ['uploaded', 'received'] as const;
export type MediaDirection = (typeof mediaDirections)[number];

/** Uploaded files that go with something, each once. */
export const mediaIdsSchema = (most: number) =>
  z
    .array(idSchema('media'))
    .max(most, { error: `Must have at most ${most} files.` })
    .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat a file.' });

const kind = z.enum(mediaKinds, { error: `Must be one of ${mediaKinds.join(', ')}.` });

const downloadError = z
  .strictObject({
    code: z.string().meta({ description: 'Machine-readable code.' }),
    title: z.string().meta({ description: 'The error as text.' }),
  })
  .nullable()
  .meta({ description: 'Why the download failed. Null if it did not.' });

export const mediaSchema = z
  .strictObject({
    id: idSchema('media'),
    direction: z
      .enum(mediaDirections)
      .meta({ description: 'uploaded: a request uploaded it. received: it came with a message.' }),
    status: z.enum(mediaStatuses).meta({
      description: 'pending: Recado is downloading it. stored: it is available. failed, expired: see `error`.',
    }),
    kind: z.enum(mediaKinds).meta({ description: 'The type of message that carries the file.' }),
    mime_type: z
      .string()
      .nullable()
      .meta({ description: 'The media type, detected from the content.', example: 'image/jpeg' }),
    size: z.number().int().nullable().meta({ description: 'The size in bytes. Null until the file is stored.' }),
    sha256: z
      .string()
      .nullable()
      .meta({ description: 'The SHA-256 of the content, in hexadecimal. Null until the file is stored.' }),
    width: z.number().int().nullable().meta({ description: 'The width of an image in pixels.' }),
    height: z.number().int().nullable().meta({ description: 'The height of an image in pixels.' }),
    has_thumbnail: z.boolean().meta({ description: 'True if there is a thumbnail.' }),
    filename: z.string().nullable().meta({ description: 'The file name that the sender gave, made safe.' }),
    declared_type: z.string().nullable().meta({ description: 'The media type that the sender declared.' }),
    account_id: idSchema('account').nullable(),
    message_id: idSchema('message').nullable().meta({ description: 'The message that carried the file.' }),
    note_id: idSchema('note').nullable().meta({ description: 'The note that has the file. No message carries it.' }),
    error: downloadError,
    created_at: timeSchema.meta({ description: 'The time of the upload, or of the message.' }),
    stored_at: timeSchema.nullable().meta({ description: 'The time when the file was stored. Null until then.' }),
  })
  .meta({ id: 'Media' });

export type Media = z.infer<typeof mediaSchema>;

/** A file as it is shown with the message or the note that has it. */
export const shownFileSchema = z.strictObject({
  id: idSchema('media'),
  status: z.enum(mediaStatuses).meta({ description: 'The status of the file.' }),
  mime_type: z.string().nullable().meta({ description: 'The media type, detected from the content.' }),
  size: z.number().int().nullable().meta({ description: 'The size in bytes. Null until the file is stored.' }),
  filename: z.string().nullable().meta({ description: 'The file name that the sender gave, made safe.' }),
  width: z.number().int().nullable().meta({ description: 'The width of an image in pixels.' }),
  height: z.number().int().nullable().meta({ description: 'The height of an image in pixels.' }),
  has_thumbnail: z.boolean().meta({ description: 'True if there is a thumbnail.' }),
  error: downloadError,
});

export type ShownFile = z.infer<typeof shownFileSchema>;

export const mediaFromLinkBody = requestObject({
  link: textSchema(2048).meta({ description: 'An https link to the file. Recado downloads it.' }),
  filename: textSchema(255).optional().meta({ description: 'The file name. Default: from the link.' }),
  kind: kind
    .optional()
    .meta({ description: 'The type of message that will carry the file. Default: from the media type.' }),
}).meta({ example: { link: 'https://example.com/menu.pdf', filename: 'menu.pdf' } });

/** The form of an upload, for the document only: the server reads it as a stream. */
export const uploadMediaBody = z.any().meta({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'One file.' },
    filename: { type: 'string', maxLength: 255, description: 'The file name. Default: the name of the uploaded file.' },
    kind: {
      enum: [...mediaKinds],
      description: 'The type of message that will carry the file. Default: from the media type.',
    },
  },
});

/** The other fields of the form. */
export const uploadFields = z.strictObject({ filename: textSchema(255).optional(), kind: kind.optional() });

export const listMediaQuery = z.strictObject({
  ...pageQuery,
  kind: kind.optional().meta({ description: 'Only files of this kind.' }),
  status: z
    .enum(mediaStatuses, { error: `Must be one of ${mediaStatuses.join(', ')}.` })
    .optional()
    .meta({ description: 'Only files with this status.' }),
  direction: z
    .enum(mediaDirections, { error: `Must be one of ${mediaDirections.join(', ')}.` })
    .optional()
    .meta({ description: 'Only uploaded files, or only received files.' }),
});

export type ListMediaQuery = z.output<typeof listMediaQuery>;

export const mediaPage = pageSchema(mediaSchema).meta({ id: 'MediaPage' });

export const mediaContentQuery = z.strictObject({
  redirect: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'true: redirect to a link of the file store, if the store has links.' }),
});

export const mediaLinkBody = requestObject({
  valid_for_seconds: z
    .number()
    .int()
    .min(10, { error: 'Must be at least 10.' })
    .max(86_400, { error: 'Must be at most 86400, a day.' })
    .optional()
    .meta({ description: 'How long the link works, in seconds. Default: 300.' }),
}).meta({ example: { valid_for_seconds: 600 } });

export const mediaLinkSchema = z
  .strictObject({
    link: z.url().meta({ description: 'The link to the file.' }),
    expires_at: timeSchema.meta({ description: 'The link works until this time.' }),
  })
  .meta({ id: 'MediaLink', description: 'Anyone with the link can download the file until it expires.' });

export const mediaCapabilitiesSchema = z
  .strictObject({
    max_file_bytes: z.number().int().meta({ description: 'The largest accepted file, in bytes.' }),
    quota_bytes: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'The storage limit of the workspace, in bytes. Null for no limit.' }),
    used_bytes: z
      .number()
      .int()
      .meta({ description: 'The storage that the workspace uses, in bytes. A file counts at least 4,096.' }),
    thumbnails: z.boolean().meta({ description: 'True if the server makes thumbnails.' }),
    voice_notes: z
      .boolean()
      .meta({ description: 'True if the server converts audio to voice notes. It needs ffmpeg.' }),
    kinds: z
      .array(
        z.strictObject({
          kind: z.enum(mediaKinds).meta({ description: 'The type of message that carries the file.' }),
          max_bytes: z.number().int().meta({ description: 'The largest accepted file of this kind, in bytes.' }),
          types: z.array(z.string()).meta({ description: 'The accepted media types.' }),
        }),
      )
      .meta({ description: 'The limits of each kind.' }),
  })
  .meta({ id: 'MediaCapabilities' });
