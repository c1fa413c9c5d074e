// The kinds of media with Meta's limits.
import type { FileType } from '@recado/contract';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

export type MediaKind = FileType;

type Rule = { mimeTypes: readonly string[]; maxBytes: number };

const rules: Readonly<Record<MediaKind, Rule>> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * megabyte },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 16 * megabyte },
  audio: {
    mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
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
    ],
    maxBytes: 100 * megabyte,
  },
  sticker: { mimeTypes: ['image/webp'], maxBytes: 500 * kilobyte },
};

export const mediaKinds = Object.keys(rules) as [MediaKind, ...MediaKind[]];

const staticStickerBytes = 100 * kilobyte;

/** The largest file of any kind, in bytes. */
export const largestFile = 100 * megabyte;

/** How many first bytes show whether a file is animated, or a voice note. */
export const headBytes = 64;

export const isMediaKind = (name: string): name is MediaKind => (mediaKinds as readonly string[]).includes(name);

/** The kind of a MIME type, ignoring parameters; null if it may not be uploaded. */
const kindOf = (mimeType: string): MediaKind | null => {
  const plain = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  return mediaKinds.find(kind => rules[kind].mimeTypes.includes(plain)) ?? null;
};

/** Why this may not be uploaded, or null. */
export const uploadProblem = (mimeType: string, size: number): { code: 100 | 131053; details: string } | null => {
  const kind = kindOf(mimeType);
  if (kind === null) {
    const known = mediaKinds.flatMap(each => rules[each].mimeTypes).join(', ');
    return {
      code: 100,
      details: `Param file must be a file with one of the following types: ${known}. Received file of type '${mimeType.slice(0, 80)}'.`,
    };
  }
  if (size === 0) return { code: 100, details: 'file: is empty.' };
  const { maxBytes } = rules[kind];
  return size > maxBytes ? { code: 131053, details: `file: ${size} bytes; ${kind} has at most ${maxBytes}.` } : null;
};

/** What we know of a file in a message. */
type SentFile = { mime_type: string; size: number; animated: boolean; voice_note: boolean };

/** Why a file cannot be sent as this kind, or null. A document may be anything; a voice note must be one. */
export const sendProblem = (kind: MediaKind, file: SentFile, asVoiceNote = false): string | null => {
  if (kind !== 'document' && kindOf(file.mime_type) !== kind) return `${file.mime_type} cannot be sent as ${kind}.`;
  if (asVoiceNote && !file.voice_note) return 'A voice note has to be ogg with opus, on one channel of sound.';
  const most = kind === 'sticker' && !file.animated ? staticStickerBytes : rules[kind].maxBytes;
  return file.size > most ? `${file.size} bytes; this ${kind} has at most ${most}.` : null;
};

/** Whether these first bytes are a voice note: ogg with mono opus. */
export const isVoiceNote = (head: Buffer): boolean =>
  head.toString('latin1', 0, 4) === 'OggS' && head.toString('latin1', 28, 36) === 'OpusHead' && head[37] === 1;

/** Whether these first bytes are an animated WebP. */
export const isAnimated = (head: Buffer): boolean =>
  head.toString('latin1', 0, 4) === 'RIFF' &&
  head.toString('latin1', 8, 16) === 'WEBPVP8X' &&
  ((head[20] ?? 0) & 0x02) !== 0;
