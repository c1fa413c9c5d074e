// Converts a file, once per content: audio to a voice note, an image to a sticker. The result is stored like any file.
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../../kit/errors.ts';
import { StorageError } from '../../../ports/storage.ts';
import { type ContentKey, letGo } from '../files/content-store.ts';
import { mostBytes } from '../files/kinds.ts';
import { readContent } from '../files/read-content.ts';
import type { Spooled } from '../files/spool.ts';
import { dropContent, type MediaService, storeContent } from '../files/store-file.ts';
import { type Format, findConversion, storeConversion } from './conversion-store.ts';
import { rasters } from './pictures.ts';
import { isVoiceNote, voiceSources } from './voice-notes.ts';

/** The file to convert. */
export interface ConversionSource {
  workspaceId: string;
  sha256: string;
  mimeType: string;
  size: number;
}

/**
 * The result of a conversion.
 * - fitted: the content to send, which may be the file's own
 * - impossible: the file cannot be converted
 * - not_here: this process lacks the converter
 * - full: the workspace's quota is used up
 */
export type ConversionResult =
  | { outcome: 'converted'; sha256: string }
  | { outcome: 'impossible' | 'not_here' | 'full'; title: string };

const headBytes = 64;
const noVoices = 'no ffmpeg is installed that could convert it';

const impossible: Record<Format, ConversionResult> = {
  voice: {
    outcome: 'impossible',
    title: 'The file cannot be converted to a voice note: it cannot be decoded, or is too long.',
  },
  sticker: {
    outcome: 'impossible',
    title: 'The file cannot be converted to a sticker: it cannot be decoded, or is too large.',
  },
};

/** Returns the function that converts files. @throws StorageError, and the reason of the signal */
export function converter(needs: MediaService) {
  const { engineDb, spool, pictures, voices } = needs;
  const running = new Map<string, Promise<ConversionResult>>();

  async function convert(source: ConversionSource, as: Format, signal: AbortSignal): Promise<ConversionResult> {
    const known = await findConversion(engineDb, source, as);
    if (known !== undefined) return { outcome: 'converted', sha256: known };
    if (as === 'voice' && source.mimeType === 'audio/ogg' && isVoiceNote(await headOf(needs, source)))
      return storeConverted(source, as, undefined);
    if (as === 'voice' && !(await voices.available()))
      return { outcome: 'not_here', title: `Not converted to a voice note: ${noVoices}.` };
    const spooled = await spoolContent(source, signal);
    try {
      return as === 'voice' ? await convertVoice(source, spooled, signal) : await convertSticker(source, spooled);
    } finally {
      await spooled.remove();
    }
  }

  async function spoolContent(source: ConversionSource, signal: AbortSignal): Promise<Spooled> {
    const { content } = await readContent(needs, source, { signal });
    const spooled = await spool.take(content, source.size);
    if (spooled.sha256 === source.sha256) return spooled;
    await spooled.remove();
    throw new StorageError('not_found', "The store has a different content under the file's key.");
  }

  async function convertVoice(
    source: ConversionSource,
    { path }: Spooled,
    signal: AbortSignal,
  ): Promise<ConversionResult> {
    const made = await voices.make(path, source.mimeType, needs.limits.audio.maxBytes, signal);
    if (!made) return impossible.voice;
    try {
      const { sha256, size } = made;
      return await storeConverted(source, 'voice', {
        sha256,
        size,
        mimeType: 'audio/ogg',
        content: { path: made.path },
      });
    } finally {
      await made.remove();
    }
  }

  async function convertSticker(source: ConversionSource, { path }: Spooled): Promise<ConversionResult> {
    const made = await pictures?.sticker(source.workspaceId, path, source.mimeType, { patient: true });
    if (made === undefined) return { outcome: 'not_here', title: 'Image processing is not available here.' };
    if (made === 'impossible') return impossible.sticker;
    if (made === 'fits') return storeConverted(source, 'sticker', undefined);
    const { sha256, bytes } = made;
    return storeConverted(source, 'sticker', { sha256, size: bytes.length, mimeType: 'image/webp', content: bytes });
  }

  /** Stores the result and its source; undefined if the file already has the format. */
  async function storeConverted(
    source: ConversionSource,
    as: Format,
    made: { sha256: string; size: number; mimeType: string; content: Buffer | { path: string } } | undefined,
  ): Promise<ConversionResult> {
    const { workspaceId } = source;
    const sha256 = made?.sha256 ?? source.sha256;
    if (made) await storeContent(needs, { ...made, workspaceId }, made.content);
    const isKept = await engineDb.transaction(async tx => {
      const isKept = await storeConversion(tx, source, as, sha256);
      if (made) await letGo(tx, { workspaceId, sha256 });
      return isKept;
    });
    if (isKept) return { outcome: 'converted', sha256 };
    if (made) await dropContent(needs, { workspaceId, sha256 }).catch(() => {});
    throw new StorageError('not_found', 'The file was deleted.');
  }

  return (source: ConversionSource, as: Format, signal: AbortSignal): Promise<ConversionResult> => {
    const key = `${source.workspaceId} ${source.sha256} ${as}`;
    const mine =
      running.get(key) ??
      convert(source, as, signal)
        .catch(error => {
          if (error instanceof AppError && error.code === 'media_quota_exceeded')
            return { outcome: 'full' as const, title: error.message };
          throw error;
        })
        .finally(() => running.delete(key));
    running.set(key, mine);
    return mine;
  };
}

async function headOf(needs: MediaService, source: ContentKey): Promise<Buffer> {
  const { content } = await readContent(needs, source, { range: { start: 0, end: headBytes - 1 } });
  return buffer(content);
}

/** A file that a message names. */
export interface ConversionCandidate {
  workspace_id: string;
  sha256: string | null;
  mime_type: string | null;
  size: number | null;
}

/** Returns the function that checks whether a file can be converted: it returns why not, or undefined. */
export function conversionCheck(needs: MediaService) {
  const { voices, pictures, limits } = needs;

  async function voiceTrouble(file: ConversionCandidate): Promise<string | undefined> {
    const type = file.mime_type ?? '';
    const canMake = await voices.available();
    if (canMake && voiceSources.includes(type)) return undefined;
    if (type === 'audio/ogg' && (await isOne(file))) return undefined;
    return canMake
      ? `The file is ${type || 'of unknown type'}; a voice note can be made from ${voiceSources.join(', ')}.`
      : `The file is ${type || 'of unknown type'}; a voice note must be ogg/opus (mono), and ${noVoices}: send it in that format, omit voice, or install ffmpeg.`;
  }

  async function isOne({ workspace_id: workspaceId, sha256 }: ConversionCandidate): Promise<boolean> {
    if (sha256 === null) return false;
    try {
      return isVoiceNote(await headOf(needs, { workspaceId, sha256 }));
    } catch (error) {
      // If the store does not respond, the send finds out.
      if (error instanceof StorageError) return error.code !== 'not_found';
      throw error;
    }
  }

  return async (file: ConversionCandidate, as: Format): Promise<string | undefined> => {
    if (as === 'voice') return voiceTrouble(file);
    const type = file.mime_type ?? '';
    if (pictures?.available() && rasters.has(type)) return undefined;
    const { mimeTypes } = limits.sticker;
    const most = mostBytes(limits.sticker);
    if (mimeTypes.includes(type) && (file.size ?? 0) <= most) return undefined;
    return mimeTypes.includes(type)
      ? `The file has ${file.size} bytes; a sticker may have at most ${most}.`
      : `The file is ${type || 'of unknown type'}; a sticker can be made from ${[...rasters].join(', ')}.`;
  };
}
