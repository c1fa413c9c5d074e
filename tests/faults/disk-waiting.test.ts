// Messages that wait while the disk is full show the reason, and are sent when space is free.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from './processes.ts';
import { prepareProgram } from './program.ts';
import { mountSmallDisk, noSmallDisk } from './small-disk.ts';

test.skipIf(noSmallDisk)('a queued message waits for room on the disk, and is sent once there is some', async () => {
  const disk = mountSmallDisk(224);
  try {
    const program = await prepareProgram({ DATA_DIR: join(disk.path, 'data') });
    const { call } = program;
    try {
      await program.start();
      const { body: accounts } = await call('GET', '/api/v1/accounts');
      const account = accounts.data[0].id;
      // The second one waits for the rate limit until the disk is full.
      await call('PATCH', `/api/v1/accounts/${account}`, { limits: { rate: { messages: 1, seconds: 8 } } });
      const send = async (to: string) =>
        (await call('POST', '/api/v1/messages', { account_id: account, to, type: 'text', text: { body: 'Room?' } }))
          .body.id;
      await send('+33612008001');
      const id = await send('+33612008002');
      const message = async () => (await call('GET', `/api/v1/messages/${id}`)).body;
      await disk.fill(0);
      await until('it waits for room', 60, async () => (await message()).waiting?.reason === 'storage_full');
      expect(await message()).toMatchObject({ status: 'queued', attempts: [], waiting: { until: null, ahead: 0 } });
      disk.clear();
      await until('it is sent', 60, async () => (await message()).status === 'read');
      expect((await message()).attempts).toHaveLength(1);
    } finally {
      disk.clear();
      await program.close();
    }
  } finally {
    disk.close();
  }
});
