// What accounts on WhatsApp Web can send. WhatsApp delivers neither buttons and lists nor templates of linked phones.
import { type MessageType, messageTypes } from '@recado/contract';
import type { WebContentType } from '@recado/whatsapp-web';
import type { Capabilities, MediaKind, MediaLimits } from '../../../ports/channel.ts';
import { contentLimits } from '../whatsapp-cloud/content-limits.ts';
import { mediaLimits as cloudLimits } from '../whatsapp-cloud/media-limits.ts';

const megabyte = 1024 * 1024;

/** Types that people send as documents and the Cloud API does not take: the apps deliver any file as it is. */
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
  'image/gif',
  'image/tiff',
  'video/quicktime',
];

/** The types of files that the apps show. */
export const mediaLimits: Readonly<Record<MediaKind, MediaLimits>> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 16 * megabyte },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 64 * megabyte },
  audio: { mimeTypes: cloudLimits.audio.mimeTypes, maxBytes: 16 * megabyte },
  document: { ...cloudLimits.document, mimeTypes: [...cloudLimits.document.mimeTypes, ...otherDocuments] },
  sticker: { mimeTypes: ['image/webp'], maxBytes: megabyte },
};

/** Each type as the session process sends it; null for a type that it does not send. */
const webTypes: { readonly [Type in MessageType]: (Type & WebContentType) | null } = {
  text: 'text',
  image: 'image',
  video: 'video',
  audio: 'audio',
  document: 'document',
  sticker: 'sticker',
  location: 'location',
  contacts: 'contacts',
  reaction: 'reaction',
  interactive: null,
  template: null,
};

export const capabilities: Capabilities = {
  window: false,
  types: new Set(messageTypes.filter(type => webTypes[type] !== null)),
  media: mediaLimits,
  links: false,
  options: false,
  addresses: new Set(['phone', 'lid']),
  content: contentLimits,
};
