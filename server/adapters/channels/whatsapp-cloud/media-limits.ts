// The files that Meta accepts of each kind, from its page on supported media (September 2026).
import type { MediaKind, MediaLimits } from '../../../ports/channel.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** Meta takes an upload only of the types on its page, whatever it is sent as: other documents it refuses (100). */
const others = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'audio/aac',
  'audio/amr',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/opus',
  'video/mp4',
  'video/3gpp',
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
      ...others,
    ],
    maxBytes: 100 * megabyte,
  },
  sticker: { mimeTypes: ['image/webp'], maxBytes: 100 * kilobyte, maxAnimatedBytes: 500 * kilobyte },
};

/** The largest file in either direction, in bytes. */
export const largestFile = Math.max(...Object.values(mediaLimits).map(limits => limits.maxBytes));
