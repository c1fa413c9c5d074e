// Which type of message carries a file, and whether WhatsApp and the server take it.
import type { MediaCapabilities } from '@recado/client';
import type { Flaw } from './inspect.ts';

const fileKinds = ['image', 'video', 'audio', 'document'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What a file is sent as, or why it cannot be sent. */
export type Verdict =
  | { kind: FileKind; problem?: undefined }
  | { kind: FileKind; problem: 'empty' | Flaw }
  | { kind: FileKind; problem: 'size' | 'quota'; most: number };

const limitsOf = ({ kinds, max_file_bytes }: MediaCapabilities, kind: FileKind) => {
  const found = kinds.find(each => each.kind === kind);
  return { types: found?.types ?? [], most: Math.min(found?.max_bytes ?? 0, max_file_bytes) };
};

/** `audio/webm;codecs=opus` is a type with a parameter. */
const bareType = (type: string) => type.split(';')[0]?.trim().toLowerCase() ?? '';

/** The server detects the type of a file that the browser does not know. Any text is sent as plain text. */
const isForServer = (type: string) => type === '' || type === 'application/octet-stream' || type.startsWith('text/');

/** Checks a file before its upload. A picture or a video that is too large goes as a document, if one may be larger. */
export function verdictOn(file: Pick<File, 'type' | 'size'>, capabilities: MediaCapabilities): Verdict {
  const type = bareType(file.type);
  const natural = fileKinds.find(each => each !== 'document' && limitsOf(capabilities, each).types.includes(type));
  const isTooLarge = natural !== undefined && file.size > limitsOf(capabilities, natural).most;
  const documents = limitsOf(capabilities, 'document');
  const kind = natural && !(isTooLarge && documents.types.includes(type)) ? natural : 'document';
  const { types, most } = limitsOf(capabilities, kind);
  if (file.size === 0) return { kind, problem: 'empty' };
  if (!types.includes(type) && !isForServer(type)) return { kind, problem: 'type' };
  if (file.size > most) return { kind, problem: 'size', most };
  const { quota_bytes: quota, used_bytes: used } = capabilities;
  if (quota !== null && used + file.size > quota) return { kind, problem: 'quota', most: Math.max(0, quota - used) };
  return { kind };
}

/** What a file is probably sent as, while the limits are not known. */
export function guessKind({ type }: Pick<File, 'type'>): FileKind {
  if (/^image\/(jpeg|png)$/.test(type)) return 'image';
  if (/^video\/(mp4|3gpp)$/.test(type)) return 'video';
  return /^audio\/(mpeg|mp4|aac|amr|ogg)$/.test(type) ? 'audio' : 'document';
}
