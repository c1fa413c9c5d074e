// Detects a file's type from its first bytes. The declared type counts only if the bytes are ambiguous.
import { fileTypeFromBuffer } from 'file-type';

/** How many of the first bytes we read. */
export const headBytes = 16 * 1024;

const aliases: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'image/vnd.microsoft.icon': 'image/x-icon',
};

const officeTypes = new Set([
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
  'application/epub+zip',
]);
const oldOfficeTypes = new Set(['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint']);
/** Types of plain text that may keep their declared name. */
export const plainTexts: ReadonlySet<string> = new Set([
  'text/plain',
  'text/csv',
  'text/markdown',
  'text/calendar',
  'text/vcard',
  'text/x-vcard',
  'application/json',
]);

/** What each container may hold: a declared type is accepted if it is one of these. */
const refinements: Record<string, ReadonlySet<string>> = {
  'application/zip': officeTypes,
  'application/x-cfb': oldOfficeTypes,
  'video/mp4': new Set(['audio/mp4']),
  'video/webm': new Set(['audio/webm']),
  'video/matroska': new Set(['audio/webm']),
  'audio/ogg': new Set(['video/ogg']),
};

/** Types by file extension, if the sender declares none: never more than a declared type could claim. */
const named: Record<string, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  epub: 'application/epub+zip',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  txt: 'text/plain',
  csv: 'text/csv',
  md: 'text/markdown',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  json: 'application/json',
};

/** Detects the type of a file from its first bytes, without parameters. */
export async function sniffType(
  head: Uint8Array,
  declaredType: string | undefined,
  fileName: string | undefined,
): Promise<string> {
  const given = plainType(declaredType);
  const byName = named[/\.([a-z]{2,4})$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? ''];
  const declared = given === undefined || given === 'application/octet-stream' ? byName : given;
  // The library throws if a head ends inside a structure that it reads.
  const found =
    head.length === 0 || isWideText(head) ? undefined : await fileTypeFromBuffer(head).catch(() => undefined);
  const sniffed = found ? plainType(found.mime) : plainBeginning(head);
  if (sniffed === undefined || sniffed === 'application/xml') {
    const text = asText(head) ?? (isText(declared) || isText(byName) ? asOldText(head) : undefined);
    return textType(text, declared, sniffed);
  }
  return declared !== undefined && refinements[sniffed]?.has(declared) ? declared : sniffed;
}

/** Cases where the library gives up: a zip whose first entry is longer than the head, and a PDF after empty lines. */
function plainBeginning(head: Uint8Array): string | undefined {
  const begin = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  if (begin.startsWith('PK\x03\x04')) return 'application/zip';
  return /^(\xef\xbb\xbf)?\s*%PDF-\d/.test(begin) ? 'application/pdf' : undefined;
}

const isText = (type: string | undefined) => type !== undefined && (type.startsWith('text/') || plainTexts.has(type));

function plainType(type: string | undefined): string | undefined {
  const plain = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^[a-z]+\/[a-z0-9.+-]{1,100}$/.test(plain)) return undefined;
  return aliases[plain] ?? plain;
}

function textType(text: string | undefined, declared: string | undefined, sniffed: string | undefined): string {
  if (text === undefined) return sniffed ?? 'application/octet-stream';
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml';
  if (/^\s*<(?!\?xml)[a-z!]/i.test(text) || /<(!doctype\s+html|html|script|iframe)[\s>/]/i.test(text))
    return 'text/html';
  if (sniffed !== undefined) return sniffed;
  return declared !== undefined && plainTexts.has(declared) ? declared : 'text/plain';
}

const wide = { fffe: 'utf-16le', feff: 'utf-16be' } as const;
const wideEncoding = (head: Uint8Array) =>
  wide[Buffer.from(head.subarray(0, 2)).toString('hex') as keyof typeof wide] as string | undefined;

/** UTF-16 text, whose byte order mark the library takes for audio. */
const isWideText = (head: Uint8Array) => wideEncoding(head) !== undefined && asText(head) !== undefined;

/**
 * The bytes as text, if they are UTF-8 or marked UTF-16 without control characters. A cut-off last character is fine.
 */
function asText(head: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(wideEncoding(head) ?? 'utf-8', { fatal: true }).decode(head, { stream: true });
    return controls.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controls = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/**
 * The bytes as single-byte text, as spreadsheets on Windows write it. Many binary files would pass, so only use it
 * for declared text.
 */
function asOldText(head: Uint8Array): string | undefined {
  const text = new TextDecoder('windows-1252').decode(head);
  return controls.test(text) || /[\u007f\u0081\u008d\u008f\u0090\u009d]/.test(text) ? undefined : text;
}
