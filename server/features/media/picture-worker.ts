// The process that looks at images. It reads one file at a time, and is ended from outside where it takes too long.
import sharp from 'sharp';
import type { PictureAnswer, PictureJob } from './pictures.ts';

const mostPixels = 50_000_000;
const thumbnailEdge = 320;
const stickerEdge = 512;
const stickerBytes = 100 * 1024;

sharp.cache(false);
sharp.concurrency(1);
// Only what we ask for is decoded, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
});

const open = (path: string) =>
  sharp(path, { limitInputPixels: mostPixels, sequentialRead: true }).timeout({ seconds: 2 });

async function look(path: string): Promise<PictureAnswer> {
  const { width, height, orientation = 1 } = await sharp(path, { limitInputPixels: false }).metadata();
  const seen = orientation >= 5 ? { width: height, height: width } : { width, height };
  const thumbnail = await open(path)
    .autoOrient()
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer()
    .catch(() => undefined);
  return { ...seen, bytes: thumbnail?.toString('base64') };
}

/** The whole picture on a clear ground, as large as stickers have to be. */
async function sticker(path: string): Promise<PictureAnswer> {
  for (const quality of [85, 60, 40, 20]) {
    const bytes = await open(path)
      .autoOrient()
      .resize(stickerEdge, stickerEdge, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .webp({ quality })
      .toBuffer();
    if (bytes.length <= stickerBytes)
      return { width: stickerEdge, height: stickerEdge, bytes: bytes.toString('base64') };
  }
  return {};
}

process.on('message', ({ path, make }: PictureJob) => {
  (make === 'sticker' ? sticker(path) : look(path)).then(
    answer => process.send?.(answer),
    () => process.send?.({}),
  );
});
// Without anybody to answer there is nothing to do here.
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
