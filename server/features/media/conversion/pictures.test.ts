import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../../../kit/log.ts';
import { packageRoot } from '../../../kit/os/package-root.ts';
import { openPictures } from './pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-pictures-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a process that did not start is tried again after a minute, and the log says that it did not', async () => {
  const [program, image] = [join(folder, 'worker.mjs'), join(folder, 'image')];
  await writeFile(program, 'process.exit(1)');
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
    .jpeg()
    .toFile(image);
  const lines: string[] = [];
  let time = 0;
  const log = openLog('info', undefined, { write: line => void lines.push(line) });
  const pictures = openPictures({ clock: { elapsed: () => time }, log, program });
  try {
    expect(pictures.available()).toBe(true);
    expect(await pictures.look('workspace', image, 'image/jpeg')).toBeUndefined();
    expect(pictures.available()).toBe(false);
    expect(lines).toHaveLength(1);
    const worker = pathToFileURL(join(packageRoot, 'dist/features/media/conversion/picture-worker.js')).href;
    await writeFile(program, `await import(${JSON.stringify(worker)})`);
    expect(await pictures.sticker('workspace', image, 'image/jpeg')).toBeUndefined();
    time = 60_000;
    expect(pictures.available()).toBe(true);
    expect(await pictures.look('workspace', image, 'image/jpeg')).toMatchObject({ width: 40, height: 30 });
    expect(lines).toHaveLength(1);
  } finally {
    pictures.close();
  }
});
