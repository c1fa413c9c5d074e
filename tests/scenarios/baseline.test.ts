// What Recado is measured against works: each message that it accepts reaches the channel once.
import { expect, test } from 'vitest';
import { drive } from '../../bench/load.ts';
import { openStage, sending } from '../../bench/stage.ts';
import { until } from '../faults/processes.ts';
import { redisProgram } from '../setup/redis.ts';

test.skipIf(!redisProgram)('the baseline of the bench delivers each message once', async () => {
  const stage = await openStage();
  try {
    const baseline = await stage.startBaseline({ name: 'baseline', accounts: 2, roles: ['api', 'worker'] });
    const request = sending(baseline, '/messages', await baseline.token(), 'smoke');
    const load = { url: baseline.url, connections: 5, seconds: 1, request, first: 0, status: 202 };
    const { count } = await drive(load);
    await until('every message is sent', 30, async () => {
      const rows = await baseline.sql(`select 1 from message where status = 'sent' and channel_message_id is not null`);
      return rows.length === count;
    });
    expect(await stage.stub.count()).toMatchObject({ count, doubled: 0 });
  } finally {
    await stage.close();
  }
});
