// Large uploads on the embedded database's disk stop before the reserved space, and the database never notices.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { owner } from './client.ts';
import { postmasterOf, until } from './processes.ts';
import { prepareProgram } from './program.ts';
import { mountSmallDisk, noSmallDisk } from './small-disk.ts';

const MiB = 1024 * 1024;
/** The space that Recado reserves for its database. */
const room = 64 * MiB;

/** Sends a file of this size in pieces until the response arrives. */
async function send(url: string, token: string, size: number): Promise<{ status: number; code: string | undefined }> {
  const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n%PDF-1.7\n';
  const tail = '\r\n--b--\r\n';
  const posted = request(`${url}/api/v1/media`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': head.length + size + tail.length,
    },
  });
  let answered: IncomingMessage | undefined;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    posted.once('response', response => {
      answered = response;
      resolve(response);
    });
    // After the response the rest need not arrive.
    posted.on('error', reject);
  });
  posted.write(head);
  for (let sent = 0; sent < size && !answered; sent += MiB)
    if (!posted.write(randomBytes(MiB))) await Promise.race([once(posted, 'drain'), answer]);
  if (!answered) posted.end(tail);
  const response = await answer;
  const { code } = JSON.parse(await text(response)) as { code?: string };
  posted.destroy();
  return { status: response.statusCode ?? 0, code };
}

test.skipIf(noSmallDisk)('uploads in flight end before they take the room of the database', async () => {
  const disk = mountSmallDisk(320);
  try {
    const program = await prepareProgram({ DATA_DIR: join(disk.path, 'data'), AWS_S3_MAX_FILE_SIZE: '100MB' });
    try {
      await program.start();
      const { body } = await program.call('POST', '/api/v1/auth/login', owner);
      const upload = (size: number) => send(program.url, body.access_token, size);
      const postmaster = await postmasterOf(join(program.dataDir, 'postgres'));
      await disk.fill(room + 40 * MiB);
      let least = disk.free();
      const watch = setInterval(() => {
        least = Math.min(least, disk.free());
      }, 5);
      const answers = await Promise.all([80, 90, 70].map(size => upload(size * MiB))).finally(() =>
        clearInterval(watch),
      );
      expect(answers).toEqual(Array(3).fill({ status: 503, code: 'storage_full' }));
      // Each may take what arrives between two checks, and PostgreSQL wrote too.
      expect(least).toBeGreaterThan(room - 32 * MiB);
      expect(await readdir(join(program.dataDir, 'media-spool'))).toEqual([]);
      expect(await readdir(join(program.dataDir, 'media/.incoming'))).toEqual([]);
      expect(await postmasterOf(join(program.dataDir, 'postgres'))).toBe(postmaster);
      expect((await program.call('GET', '/api/v1/media')).body.data).toEqual([]);
      disk.clear();
      await until('it takes files again', 20, async () => (await upload(MiB)).status === 201);
      expect(program.deaths()).toEqual([]);
    } finally {
      await program.close();
    }
  } finally {
    disk.close();
  }
});
