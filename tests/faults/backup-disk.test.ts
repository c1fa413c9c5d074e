// A backup onto the embedded database's disk: it ends before it takes the reserved space, and leaves nothing.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRecado } from '../setup/command.ts';
import { pdf } from '../setup/media-files.ts';
import { owner } from './client.ts';
import { makeFolder, prepareProgram } from './program.ts';
import { mountSmallDisk, noSmallDisk } from './small-disk.ts';

const MiB = 1024 * 1024;
/** The space that Recado reserves for its database. */
const room = 64 * MiB;

test.skipIf(noSmallDisk)('a backup leaves the database beside it the room that it needs', async () => {
  const disk = mountSmallDisk(288);
  const other = await makeFolder();
  try {
    const program = await prepareProgram({ DATA_DIR: join(disk.path, 'data'), AWS_S3_MAX_FILE_SIZE: '50MB' });
    try {
      await program.start();
      const { body } = await program.call('POST', '/api/v1/auth/login', owner);
      const form = new FormData();
      form.append('file', new Blob([pdf(40 * MiB) as Buffer<ArrayBuffer>]), 'large.pdf');
      const headers = { authorization: `Bearer ${body.access_token}` };
      const { status } = await fetch(`${program.url}/api/v1/media`, { method: 'POST', headers, body: form });
      expect(status).toBe(201);

      const folder = join(disk.path, 'backups');
      await mkdir(folder);
      const env = { DATA_DIR: program.dataDir };
      await disk.fill(room + 20 * MiB);
      const refused = await runRecado(env, ['backup', '--media', folder]);
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toMatch(
        /^There is no space for .*, because the database needs the last 64 MiB of the same disk/m,
      );
      expect(await readdir(folder)).toEqual([]);
      expect((await program.call('GET', '/readyz')).status).toBe(200);

      // Another disk has no reserve.
      const elsewhere = await runRecado(env, ['backup', '--media', join(other, 'elsewhere.gz')]);
      expect(elsewhere).toMatchObject({ code: 0, out: expect.stringContaining('with 1 contents of media') });
      disk.clear();
      expect(await runRecado(env, ['backup', '--media', folder])).toMatchObject({ code: 0 });
      expect(program.deaths()).toEqual([]);
    } finally {
      await program.close();
    }
  } finally {
    await rm(other, { recursive: true });
    disk.close();
  }
});
