// How a file is handed out, so that no browser takes it for a part of ours: which header says what.
const inlineTypes = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/aac',
  'audio/amr',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'audio/flac',
  'video/mp4',
  'video/3gpp',
  'video/webm',
  'video/ogg',
  'video/quicktime',
]);

const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};

/** What a browser could run is not called by its name. */
const active = /html|xml|svg|script|^multipart\//;

export const servedType = (mimeType: string): string => (active.test(mimeType) ? 'application/octet-stream' : mimeType);

/** The Content-Disposition of a file, by RFC 6266: a plain name for old readers, and the whole one. */
export function dispositionOf(mimeType: string, fileName: string | null, fallback: string): string {
  const name = fileName || `${fallback}${endings[mimeType] ? `.${endings[mimeType]}` : ''}`;
  const plain = name.replace(/[^ !#$&'()+,\-.0-9;=@A-Z[\]^_`a-z{}~]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inlineTypes.has(mimeType) ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

/** What goes with every file. */
export const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
  'accept-ranges': 'bytes',
} as const;

/**
 * The one range that is asked for; undefined for the whole file, which other units than bytes ask for as well.
 * 'refused' for what is not in the file, for more than one, and for what is no range.
 */
export function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'refused' | undefined {
  if (header === undefined || !/^bytes=/i.test(header)) return undefined;
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'refused';
  if (from === '')
    return Number(to) === 0 || size === 0 ? 'refused' : { start: Math.max(0, size - Number(to)), end: size - 1 };
  const start = Number(from);
  const end = Math.min(to === '' ? size - 1 : Number(to), size - 1);
  return start > end ? 'refused' : { start, end };
}

/** Whether an If-None-Match names this tag. */
export const namesTag = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some(part => part.trim().replace(/^W\//, '') === tag));
