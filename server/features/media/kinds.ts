// What WhatsApp takes of each kind of media: types and sizes.
import type { MediaKind } from '@recado/contract';

const MB = 1024 * 1024;

interface KindRule {
  /** The types that it may have; undefined for any. */
  types: ReadonlySet<string> | undefined;
  maxBytes: number;
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media, as of 2026. Of stickers the animated limit. */
export const kindRules: Record<MediaKind, KindRule> = {
  image: { types: new Set(['image/jpeg', 'image/png']), maxBytes: 5 * MB },
  video: { types: new Set(['video/mp4', 'video/3gpp']), maxBytes: 16 * MB },
  audio: { types: new Set(['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg']), maxBytes: 16 * MB },
  sticker: { types: new Set(['image/webp']), maxBytes: 500 * 1024 },
  document: { types: undefined, maxBytes: 100 * MB },
};

/** The largest of all. */
export const largestMedia = Math.max(...Object.values(kindRules).map(rule => rule.maxBytes));

/** The kind that a type is sent as where nobody says another: what has no kind of its own is a document. */
export function naturalKind(mimeType: string): MediaKind {
  for (const kind of ['image', 'video', 'audio', 'sticker'] as const)
    if (kindRules[kind].types?.has(mimeType)) return kind;
  return 'document';
}
