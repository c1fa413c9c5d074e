// What can be sent as which kind of media: the word of the channels, asked here for uploads as messages ask it when they
// name a file.
import type { MediaKind, MediaLimits } from '../../../ports/channel.ts';

export type KindLimits = Readonly<Record<MediaKind, MediaLimits>>;

/** The most that a file of a kind may have; what moves may have more. */
export const mostBytes = ({ maxBytes, maxAnimatedBytes }: MediaLimits): number =>
  Math.max(maxBytes, maxAnimatedBytes ?? 0);

/** The largest of all. */
export const largestOf = (limits: KindLimits): number => Math.max(...Object.values(limits).map(mostBytes));

/** What at least one of the channels takes. */
export function takenByAny([first, ...others]: readonly [KindLimits, ...KindLimits[]]): KindLimits {
  const both = (a: MediaLimits, b: MediaLimits): MediaLimits => ({
    mimeTypes: [...new Set([...a.mimeTypes, ...b.mimeTypes])],
    maxBytes: Math.max(a.maxBytes, b.maxBytes),
    ...((a.maxAnimatedBytes ?? b.maxAnimatedBytes) !== undefined && {
      maxAnimatedBytes: Math.max(mostBytes(a), mostBytes(b)),
    }),
  });
  return others.reduce(
    (all, more) => ({
      image: both(all.image, more.image),
      video: both(all.video, more.video),
      audio: both(all.audio, more.audio),
      document: both(all.document, more.document),
      sticker: both(all.sticker, more.sticker),
    }),
    first,
  );
}

/** The kind that a type is sent as where nobody says another: what has no kind of its own is a document. */
export function naturalKind(mimeType: string, limits: KindLimits): MediaKind {
  for (const kind of ['image', 'video', 'audio', 'sticker'] as const)
    if (limits[kind].mimeTypes.includes(mimeType)) return kind;
  return 'document';
}
