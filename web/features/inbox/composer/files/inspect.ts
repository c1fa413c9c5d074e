// Looks into a file before it is sent: whether its bytes fit its type, as far as a browser can tell.

/** The mistake of a file that its bytes show; undefined if they show none. */
export type Flaw = 'type' | 'broken';

const headBytes = 512;
const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png']);

/** The first bytes of the formats that WhatsApp takes, in hex. The server tells formats of one container apart. */
const beginnings = [
  /^(efbbbf)?(20|09|0a|0d)*25504446/, // PDF
  /^504b0304/, // a zip, as office files are
  /^d0cf11e0/, // office files of old
  /^(89504e47|ffd8ff|52494646)/, // PNG, JPEG, WebP
  /^(4f676753|494433|2321414d52|ff[ef])/, // Ogg, MP3, AMR, AAC
  /^.{8}66747970/, // MP4
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: texts have none of them
const controls = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Whether bytes without a declared type are of a format that may be sent. */
export function isKnownFormat(head: Uint8Array): boolean {
  const begin = Array.from(head, byte => byte.toString(16).padStart(2, '0')).join('');
  if (beginnings.some(format => format.test(begin))) return true;
  try {
    return !controls.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }));
  } catch {
    return false;
  }
}

/** Finds out why WhatsApp or the server would not take the file. */
export async function flawOf(file: File): Promise<Flaw | undefined> {
  if (file.type === '' || file.type === 'application/octet-stream') {
    const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
    return isKnownFormat(head) ? undefined : 'type';
  }
  if (!pictures.has(file.type)) return undefined;
  try {
    (await createImageBitmap(file)).close();
    return undefined;
  } catch {
    return 'broken';
  }
}
