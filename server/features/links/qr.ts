// The QR code of a link as an image and for a terminal.
import { encode } from 'uqr';

/** Pixels of a module: a phone reads it from an arm's length. */
const modulePixels = 8;
/** The quiet border that scanners need, in modules. */
const border = 4;

/** A half block for each pair of modules above each other, by whether the upper and the lower one are light. */
const blocks = { both: '█', upper: '▀', lower: '▄', none: ' ' };

/** A QR code in half blocks, for terminals with a dark background. */
export function qrText(text: string): string {
  const { data } = encode(text, { border, ecc: 'L' });
  let lines = '';
  for (let y = 0; y < data.length; y += 2) {
    for (const [x, isDark] of (data[y] ?? []).entries()) {
      const isLowerLight = data[y + 1] !== undefined && !data[y + 1]?.[x];
      lines += isDark ? (isLowerLight ? blocks.lower : blocks.none) : isLowerLight ? blocks.both : blocks.upper;
    }
    lines += '\n';
  }
  return lines;
}

/** A QR code as a PNG image. */
export async function qrPng(text: string): Promise<Buffer> {
  const { data, size } = encode(text, { border, ecc: 'L' });
  const pixels = Buffer.alloc(size * size, 255);
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) pixels[y * size + x] = 0;
    });
  });
  const side = size * modulePixels;
  // Loaded by the first picture: most programs never make one.
  const { default: sharp } = await import('sharp');
  return sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
    .resize(side, side, { kernel: 'nearest' })
    .png({ palette: true, colours: 2 })
    .toBuffer();
}
