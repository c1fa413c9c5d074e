// What a message says of its picture: the size, and a preview that WhatsApp shows until the picture is downloaded.
import type { WebPicture } from '@recado/whatsapp-web';
import type { FilePicture } from '../../../ports/channel.ts';

/** As WhatsApp's own apps make it: about a kilobyte, as it travels in the message itself. */
const edge = 72;
const quality = 50;

/** Never throws: without a preview the picture is sent all the same. */
export async function webPicture({ width, height, thumbnail }: FilePicture): Promise<WebPicture> {
  const small = await thumbnail();
  return { width, height, preview: small && (await asJpeg(small)) };
}

/** As base64. */
async function asJpeg(image: Buffer): Promise<string | undefined> {
  try {
    // Loaded by the first picture: most programs send none here.
    const { default: sharp } = await import('sharp');
    const resized = sharp(image).flatten({ background: '#fff' }).resize(edge, edge, { fit: 'inside' });
    return (await resized.jpeg({ quality }).toBuffer()).toString('base64');
  } catch {
    return undefined;
  }
}
