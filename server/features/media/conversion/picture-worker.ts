// The image process. It handles one file at a time; its parent kills it if it takes too long.
import { open as openFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { PictureAnswer, PictureJob } from './pictures.ts';

const mostPixels = 50_000_000;
/**
 * Uploads wait for the thumbnail. A larger image has none: it would hold up other uploads. A baseline JPEG is decoded
 * at the size of the thumbnail, so it may be larger: phones make 24 million pixels.
 */
const thumbnailPixels = { baselineJpeg: 32_000_000, other: 16_000_000 };
const thumbnailEdge = 320;
const stickerEdge = 512;
const stickerBytes = 100 * 1024;
const animatedBytes = 500 * 1024;

sharp.cache(false);
sharp.concurrency(1);
// Decode only the formats that we allow, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
});

const open = (path: string) =>
  sharp(path, { limitInputPixels: mostPixels, sequentialRead: true }).timeout({ seconds: 2 });
const opened = (path: string, moves: boolean) =>
  moves
    ? sharp(path, { animated: true, limitInputPixels: mostPixels, sequentialRead: true }).timeout({ seconds: 5 })
    : open(path);

async function look(path: string): Promise<PictureAnswer> {
  const found = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!found) return { isTruncated: await isPng(path) };
  const { width, height, orientation = 1, ...more } = found;
  const isBaseline = more.format === 'jpeg' && !more.isProgressive;
  const seen = orientation >= 5 ? { width: height, height: width } : { width, height };
  if (width * height > thumbnailPixels[isBaseline ? 'baselineJpeg' : 'other']) return seen;
  const thumbnail = await open(path)
    .autoOrient()
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer()
    .catch(() => undefined);
  if (thumbnail === undefined && (await isTruncated(path))) return { ...seen, isTruncated: true };
  return { ...seen, bytes: thumbnail?.toString('base64') };
}

/** Of a PNG with an unreadable header, the file ends within it. */
async function isPng(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.toString('latin1') === '\x89PNG\r\n\x1a\n';
  } finally {
    await file.close();
  }
}

/** Whether a picture ends too early. Other faults, such as a wrong checksum, do not stop WhatsApp. */
const isTruncated = (path: string): Promise<boolean> =>
  sharp(path, { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'truncated' })
    .timeout({ seconds: 2 })
    .resize(thumbnailEdge)
    .toBuffer()
    .then(
      () => false,
      error => !/timeout/i.test(String(error)),
    );

/** The whole picture on a transparent background at sticker size, with all frames if animated. */
async function sticker(path: string): Promise<PictureAnswer> {
  const { format, width, height, pages = 1 } = await sharp(path, { limitInputPixels: false }).metadata();
  const moves = pages > 1;
  const most = moves ? animatedBytes : stickerBytes;
  const isRight = format === 'webp' && width === stickerEdge && height === stickerEdge;
  // Decode it fully, so that a broken file does not pass as a sticker.
  if (isRight && (await stat(path)).size <= most) {
    await opened(path, moves).stats();
    return { fits: true };
  }
  for (const quality of [85, 60, 40, 20]) {
    const bytes = await opened(path, moves)
      .autoOrient()
      .resize(stickerEdge, stickerEdge, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .webp({ quality, effort: moves ? 2 : 4 })
      .toBuffer();
    if (bytes.length <= most) return { width: stickerEdge, height: stickerEdge, bytes: bytes.toString('base64') };
  }
  return {};
}

process.on('message', ({ path, make }: PictureJob) => {
  (make === 'sticker' ? sticker(path) : look(path)).then(
    answer => process.send?.(answer),
    () => process.send?.({}),
  );
});
// Without a parent there is nothing to do.
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
