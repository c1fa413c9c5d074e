// Images, videos and stickers. Their height is known before they load, so that nothing moves.
import type { Message } from '@recado/client';
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { captionOf, type File, fileOf } from '../../../../data/message-file.ts';
import { contentOf, thumbnailOf } from '../../media/address.ts';
import { openViewer } from '../../media/open.ts';
import { viewableOf } from '../../media/viewable.ts';
import { FileState } from './file-state.tsx';
import { Text } from './text.tsx';

const width = 300;
const tallest = 360;

/** The height of a picture of 300 px; a square where its size is not known. */
function heightOf({ width: wide, height: tall }: File): number {
  if (!wide || !tall) return width * 0.75;
  return Math.max(80, Math.min(tallest, Math.round((tall / wide) * width)));
}

export function Picture({ message }: { message: Message }) {
  const file = fileOf(message);
  const caption = captionOf(message);
  const isVideo = message.type === 'video';
  if (file?.status !== 'stored')
    return (
      <>
        <FileState message={message} type={isVideo ? 'video' : 'image'} file={file} />
        {caption && <Text text={caption} />}
      </>
    );
  return (
    <>
      <PictureButton
        file={file}
        isVideo={isVideo}
        caption={caption ?? ''}
        onOpen={() => openViewer(viewableOf(message))}
      />
      {caption && <Text text={caption} />}
    </>
  );
}

interface PictureProps {
  file: File;
  isVideo: boolean;
  caption: string;
  onOpen: () => void;
}

/** A picture or the first of a video, which opens over the whole window. */
export function PictureButton({ file, isVideo, caption, onOpen }: PictureProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t(isVideo ? 'inbox.media.openVideo' : 'inbox.media.openImage')}
      className="pic focus-visible:outline-offset-[-3px]"
      style={{ aspectRatio: `${width} / ${heightOf(file)}` }}
    >
      {isVideo ? (
        <>
          <video
            src={`${contentOf(file.id)}#t=0.1`}
            preload="metadata"
            muted
            playsInline
            tabIndex={-1}
            className="pointer-events-none size-full object-cover"
          />
          <span className="absolute inset-0 grid place-items-center" aria-hidden="true">
            <span className="grid size-12 place-items-center rounded-full bg-scrim text-on-solid">
              <Play size={22} strokeWidth={1.75} className="ms-0.5" />
            </span>
          </span>
        </>
      ) : (
        <img
          src={file.has_thumbnail && (file.size ?? 0) > 300_000 ? thumbnailOf(file.id) : contentOf(file.id)}
          alt={caption}
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
        />
      )}
    </button>
  );
}

export function Sticker({ message }: { message: Message }) {
  const { t } = useTranslation();
  const file = fileOf(message);
  if (file?.status !== 'stored') return <FileState message={message} type="sticker" file={file} />;
  return (
    <img
      src={contentOf(file.id)}
      alt={t('contentType.inbox.sticker')}
      width={160}
      height={160}
      className="block size-40"
    />
  );
}
