// The files of the demo.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../kit/os/package-root.ts';
import { type FileName, fileNames } from './people.ts';

export const mimeTypes: Record<FileName, string> = {
  'shelf.jpg': 'image/jpeg',
  'cover.jpg': 'image/jpeg',
  'invoice.pdf': 'application/pdf',
  'voice.ogg': 'audio/ogg',
  'smile.webp': 'image/webp',
};

export const bytesOf = (name: FileName): Promise<Buffer> => readFile(join(packageRoot, 'features/demo/files', name));

/** The SHA-256 of each file, by which an upload of the demo is known. */
export async function demoContents(): Promise<Set<string>> {
  const files = await Promise.all(fileNames.map(bytesOf));
  return new Set(files.map(bytes => createHash('sha256').update(bytes).digest('hex')));
}
