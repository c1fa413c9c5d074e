// The files that Meta accepts of each kind, from its page on supported media (September 2026).
import type { MediaKind, MediaLimits } from '../../../ports/channel.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** What people send as documents beside those of Meta's page: WhatsApp delivers any file as it is. */
const otherDocuments = [
  'application/zip',
  'application/gzip',
  'application/x-7z-compressed',
  'application/x-rar-compressed',
  'application/rtf',
  'application/epub+zip',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/tiff',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'video/mp4',
  'video/3gpp',
  'video/quicktime',
];

export const mediaLimits: Readonly<Record<MediaKind, MediaLimits>> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * megabyte },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 16 * megabyte },
  audio: {
    mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
    maxBytes: 16 * megabyte,
  },
  document: {
    mimeTypes: [
      'application/pdf',
      'text/plain',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      ...otherDocuments,
    ],
    maxBytes: 100 * megabyte,
  },
  sticker: { mimeTypes: ['image/webp'], maxBytes: 100 * kilobyte, maxAnimatedBytes: 500 * kilobyte },
};

/** The largest file in either direction, in bytes. */
export const largestFile = Math.max(...Object.values(mediaLimits).map(limits => limits.maxBytes));
