// Which file types can be sent as which kind of media: the channels' limits, checked at upload and again for messages.
import type { MediaKind, MediaLimits } from '../../../ports/channel.ts';

export type KindLimits = Readonly<Record<MediaKind, MediaLimits>>;

/** The size limit of a kind; animated files may have a higher one. */
export const mostBytes = ({ maxBytes, maxAnimatedBytes }: MediaLimits): number =>
  Math.max(maxBytes, maxAnimatedBytes ?? 0);

/** The largest of all limits. */
export const largestOf = (limits: KindLimits): number => Math.max(...Object.values(limits).map(mostBytes));

/** The types that at least one channel accepts. */
export function takenByAny(channels: readonly KindLimits[]): KindLimits {
  const both = (a: MediaLimits, b: MediaLimits): MediaLimits => ({
    mimeTypes: [...new Set([...a.mimeTypes, ...b.mimeTypes])],
    maxBytes: Math.max(a.maxBytes, b.maxBytes),
    ...((a.maxAnimatedBytes ?? b.maxAnimatedBytes) !== undefined && {
      maxAnimatedBytes: Math.max(mostBytes(a), mostBytes(b)),
    }),
  });
  return channels.reduce((all, more) => ({
    image: both(all.image, more.image),
    video: both(all.video, more.video),
    audio: both(all.audio, more.audio),
    document: both(all.document, more.document),
    sticker: both(all.sticker, more.sticker),
  }));
}

/** The default kind of a type; a document if it has none. A picture becomes a sticker only on request. */
export function naturalKind(mimeType: string, limits: KindLimits): MediaKind {
  for (const kind of ['image', 'video', 'audio'] as const) if (limits[kind].mimeTypes.includes(mimeType)) return kind;
  return 'document';
}
