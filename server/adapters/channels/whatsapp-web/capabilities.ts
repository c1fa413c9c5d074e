// What accounts on WhatsApp Web can send. WhatsApp delivers neither buttons and lists nor templates of linked phones.
import type { Capabilities, MediaKind, MediaLimits } from '../../../ports/channel.ts';
import { mediaLimits as cloudLimits } from '../whatsapp-cloud/media-limits.ts';

const megabyte = 1024 * 1024;

/** The types of files that the apps show; a document may be of any type that the Cloud API takes. */
export const mediaLimits: Readonly<Record<MediaKind, MediaLimits>> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 16 * megabyte },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 64 * megabyte },
  audio: { mimeTypes: cloudLimits.audio.mimeTypes, maxBytes: 16 * megabyte },
  document: cloudLimits.document,
  sticker: { mimeTypes: ['image/webp'], maxBytes: megabyte },
};

export const capabilities: Capabilities = {
  window: false,
  types: new Set(['text', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'reaction']),
  media: mediaLimits,
  links: false,
  addresses: new Set(['phone', 'lid']),
  content: {
    text: [{ field: 'text.body', maxLength: 4096 }],
    image: [{ field: 'image.caption', maxLength: 1024 }],
    video: [{ field: 'video.caption', maxLength: 1024 }],
    document: [{ field: 'document.caption', maxLength: 1024 }],
    location: [
      { field: 'location.name', maxLength: 1000 },
      { field: 'location.address', maxLength: 1000 },
    ],
    contacts: [{ field: 'contacts[]', maxCount: 257 }],
  },
};
